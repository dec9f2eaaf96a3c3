namespace Penstock.Models.Templates.Syntax;

/// <summary>The symbols of an expression, a longer one before its own beginning.</summary>
internal static class Symbols
{
    public static readonly (string Symbol, TokenType Type)[] InOrder =
    [
        ("{%", TokenType.OpenStatement),
        ("%}", TokenType.CloseStatement),
        ("{{", TokenType.OpenExpression),
        ("}}", TokenType.CloseExpression),
        ("(", TokenType.OpenParen),
        (")", TokenType.CloseParen),
        ("{", TokenType.OpenBrace),
        ("}", TokenType.CloseBrace),
        ("[", TokenType.OpenBracket),
        ("]", TokenType.CloseBracket),
        (",", TokenType.Comma),
        (".", TokenType.Dot),
        (":", TokenType.Colon),
        ("|", TokenType.Pipe),
        ("<=", TokenType.Comparison),
        (">=", TokenType.Comparison),
        ("==", TokenType.Comparison),
        ("!=", TokenType.Comparison),
        ("<", TokenType.Comparison),
        (">", TokenType.Comparison),
        ("+", TokenType.Sign),
        ("-", TokenType.Sign),
        ("~", TokenType.Sign),
        ("**", TokenType.Power),
        ("*", TokenType.Multiplicative),
        ("//", TokenType.Multiplicative),
        ("/", TokenType.Multiplicative),
        ("%", TokenType.Multiplicative),
        ("=", TokenType.Equals),
    ];
}
