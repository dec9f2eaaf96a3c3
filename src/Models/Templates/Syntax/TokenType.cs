namespace Penstock.Models.Templates.Syntax;

/// <summary>The kinds of word that the parser tells apart.</summary>
internal enum TokenType
{
    End,
    Text,
    Comment,
    Number,
    String,
    Name,
    OpenStatement,
    CloseStatement,
    OpenExpression,
    CloseExpression,
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    Comma,
    Dot,
    Colon,
    Pipe,
    Equals,
    Sign,
    Multiplicative,
    Power,
    Comparison,
}
