using System.Globalization;
using System.Text;
using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Syntax;

/// <summary>Cuts a template into tokens, with the whitespace control of <c>{%-</c>, <c>-%}</c> and their like.</summary>
internal sealed class Lexer
{
    private readonly SourceText source;
    private readonly string text;
    private readonly List<Token> tokens = [];
    private int position;
    private int braces; // open ones inside this expression: "}}" closes two of them before it closes the expression

    private Lexer(string template)
    {
        source = new SourceText(template);
        text = source.Text;
    }

    /// <summary>The tokens, the last of which is <see cref="TokenType.End"/>.</summary>
    public static List<Token> Tokenize(string template)
    {
        var lexer = new Lexer(template);
        while (lexer.position < lexer.text.Length) lexer.Next();
        lexer.Add(TokenType.End, "", lexer.text.Length);
        return lexer.tokens;
    }

    private TokenType? Last => tokens.Count == 0 ? null : tokens[^1].Type;

    private char Current => At(position);

    private void Next()
    {
        if (Last is null or TokenType.CloseStatement or TokenType.CloseExpression or TokenType.Comment && ReadText()) return;
        if (Sees("{#"))
        {
            ReadComment();
            return;
        }

        if (Sees("{%-") || Sees("{{-"))
        {
            StripTextBefore();
            if (text[position + 1] == '{') braces = 0;
            Add(text[position + 1] == '%' ? TokenType.OpenStatement : TokenType.OpenExpression, "", position);
            position += 3;
            return;
        }

        while (JsText.IsSpace(Current)) Advance();
        if (Sees("-%}") || Sees("-}}"))
        {
            Add(text[position + 1] == '%' ? TokenType.CloseStatement : TokenType.CloseExpression, "", position);
            position += 3;
            SkipSpace();
            return;
        }

        if (!ReadSign() && !ReadSymbol()) ReadWord();
    }

    private bool ReadText()
    {
        var start = position;
        while (position < text.Length && !(text[position] == '{' && At(position + 1) is '%' or '{' or '#')) position++;
        if (position == start) return false;
        Add(TokenType.Text, text[start..position], start);
        return true;
    }

    private void ReadComment()
    {
        var start = position;
        position += 2;
        if (Current == '-')
        {
            StripTextBefore();
            position++;
        }

        var end = text.IndexOf("#}", position, StringComparison.Ordinal);
        if (end < 0) throw Fault("the comment has no end '#}'", start);
        Add(TokenType.Comment, "", start);
        var skips = end > position && text[end - 1] == '-';
        position = end + 2;
        if (skips) SkipSpace();
    }

    /// <summary>A sign that cannot belong to what stands before it: part of a number, or a unary operator.</summary>
    private bool ReadSign()
    {
        if (Current is not ('-' or '+')) return false;
        if (Last is TokenType.Name or TokenType.Number or TokenType.String or TokenType.CloseParen or TokenType.CloseBracket) return false;
        var start = position;
        Advance();
        var digits = ReadDigits(mayHaveFraction: true);
        Add(digits.Length > 0 ? TokenType.Number : TokenType.Sign, text[start] + digits, start);
        return true;
    }

    private bool ReadSymbol()
    {
        foreach (var (symbol, type) in Symbols.InOrder)
        {
            if (!Sees(symbol) || (type == TokenType.CloseExpression && braces > 0)) continue;
            braces = type switch
            {
                TokenType.OpenExpression => 0,
                TokenType.OpenBrace => braces + 1,
                TokenType.CloseBrace => braces - 1,
                _ => braces,
            };
            Add(type, symbol, position);
            position += symbol.Length;
            return true;
        }

        return false;
    }

    private void ReadWord()
    {
        var start = position;
        if (Current is '\'' or '"')
        {
            Add(TokenType.String, ReadString(), start);
        }
        else if (char.IsAsciiDigit(Current))
        {
            Add(TokenType.Number, ReadDigits(mayHaveFraction: Last != TokenType.Dot), start);
        }
        else if (JsText.IsWord(Current))
        {
            while (JsText.IsWord(Current)) Advance();
            Add(TokenType.Name, text[start..position], start);
        }
        else
        {
            throw Fault($"unexpected character '{Current}'", start);
        }
    }

    private string ReadDigits(bool mayHaveFraction)
    {
        var start = position;
        while (char.IsAsciiDigit(Current)) Advance();
        if (position > start && mayHaveFraction && Current == '.' && char.IsAsciiDigit(At(position + 1)))
        {
            Advance();
            while (char.IsAsciiDigit(Current)) Advance();
        }

        return text[start..position];
    }

    private string ReadString()
    {
        var start = position;
        var quote = text[position++];
        var value = new StringBuilder();
        while (Current != quote)
        {
            if (position >= text.Length) throw Fault("the string has no end", start);
            if (text[position] == '\\') ReadEscape(value);
            else value.Append(text[position++]);
        }

        position++;
        return value.ToString();
    }

    private void ReadEscape(StringBuilder value)
    {
        var start = position++;
        var escape = Current;
        position++;
        if (escape is 'x' or 'u')
        {
            var length = escape == 'x' ? 2 : 4;
            if (position + length > text.Length
                || !ushort.TryParse(text.AsSpan(position, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                throw Fault($"'\\{escape}' needs {length} hexadecimal digits", start);
            }

            value.Append((char)code);
            position += length;
            return;
        }

        value.Append(escape switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\b',
            'f' => '\f',
            'v' => '\v',
            '\'' or '"' or '\\' => escape,
            _ => throw Fault($"unknown escape '\\{escape}' in a string", start),
        });
    }

    /// <summary>Steps inside a tag, where the template must not end.</summary>
    private void Advance()
    {
        if (++position >= text.Length) throw Fault("the template ends inside a tag", text.Length);
    }

    private void StripTextBefore()
    {
        if (Last != TokenType.Text) return;
        var stripped = JsText.TrimEnd(tokens[^1].Text);
        if (stripped.Length == 0) tokens.RemoveAt(tokens.Count - 1);
        else tokens[^1] = tokens[^1] with { Text = stripped };
    }

    private void SkipSpace()
    {
        while (position < text.Length && JsText.IsSpace(text[position])) position++;
    }

    private bool Sees(string symbol) => string.CompareOrdinal(text, position, symbol, 0, symbol.Length) == 0;

    private char At(int index) => index < text.Length ? text[index] : '\0';

    private void Add(TokenType type, string value, int at) => tokens.Add(new Token(type, value, source.LineAt(at)));

    private TemplateFault Fault(string reason, int at) => new(reason, source.LineAt(at));
}
