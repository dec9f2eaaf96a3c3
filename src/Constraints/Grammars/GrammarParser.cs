using System.Text;
using Penstock.Constraints.Text.Ecma;
using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Grammars;

/// <summary>
/// Parses the notation that llama.cpp calls GBNF: <c>name ::= ...</c> with literals in double quotes, classes, <c>.</c>, groups, <c>|</c>, the
/// quantifiers <c>* + ? {n} {n,} {n,m}</c>, and comments from <c>#</c> to the end of the line. Line ends are white space: a rule ends where the next
/// name with <c>::=</c> begins.
/// </summary>
internal sealed class GrammarParser(string text, int maxNesting)
{
    private readonly PatternReader reader = new(text);
    private int nesting;

    /// <summary>Why <see cref="Parse"/> gave null.</summary>
    public string? Error { get; private set; }

    /// <summary>The rules by name.</summary>
    public Dictionary<string, GrammarTree>? Parse()
    {
        Dictionary<string, GrammarTree> rules = new(StringComparer.Ordinal);
        for (SkipSpace(); !reader.IsAtEnd; SkipSpace())
        {
            if (!TakeRuleStart(out var name))
                return Fail<Dictionary<string, GrammarTree>>("something that is no rule (name ::= ...)");

            if (rules.ContainsKey(name))
                return Fail<Dictionary<string, GrammarTree>>($"a second rule \"{name}\"");

            if (Choice() is not { } body)
                return null;

            if (reader.Peek() == ')')
                return Fail<Dictionary<string, GrammarTree>>("an unmatched )");

            rules.Add(name, body);
        }

        return rules;
    }

    private GrammarTree? Choice()
    {
        List<GrammarTree> options = [];
        do
        {
            if (Sequence() is not { } option)
                return null;

            options.Add(option);
        }
        while (reader.Take("|"));

        return options.Count == 1 ? options[0] : new GrammarTree.Choice(options);
    }

    private GrammarTree? Sequence()
    {
        List<GrammarTree> items = [];
        for (SkipSpace(); !reader.IsAtEnd && reader.Peek() is not '|' and not ')' && !IsAtRuleStart(); SkipSpace())
        {
            if (Item() is not { } item || Quantified(item) is not { } quantified)
                return null;

            items.Add(quantified);
        }

        return items.Count == 1 ? items[0] : new GrammarTree.Sequence(items);
    }

    private GrammarTree? Item()
    {
        switch (reader.Peek())
        {
            case '"':
                return Literal();
            case '[':
                return Class();
            case '(':
                return Group();
            case '.':
                reader.At++;
                return new GrammarTree.Characters(CodePointSet.All);
            default:
                return TakeName() is { } name ? new GrammarTree.Rule(name) : Fail<GrammarTree>($"an unexpected '{reader.Peek()}'");
        }
    }

    private GrammarTree? Group()
    {
        if (++nesting > maxNesting)
            return Fail<GrammarTree>($"groups nested more than {maxNesting} deep");

        reader.At++;
        var body = Choice();
        nesting--;
        return body is null || reader.Take(")") ? body : Fail<GrammarTree>("an unclosed (");
    }

    private GrammarTree? Quantified(GrammarTree body)
    {
        while (true)
        {
            if (reader.Take("*"))
                body = new GrammarTree.Repetition(body, 0, Node.Unbounded);
            else if (reader.Take("+"))
                body = new GrammarTree.Repetition(body, 1, Node.Unbounded);
            else if (reader.Take("?"))
                body = new GrammarTree.Repetition(body, 0, 1);
            else if (!reader.Take("{"))
                return body;
            else if (reader.TakeNumber() is { } min && (reader.Take(",") ? reader.TakeNumber() ?? Node.Unbounded : min) is var max && reader.Take("}") && min <= max)
                body = new GrammarTree.Repetition(body, min, max);
            else
                return Fail<GrammarTree>("a count that is not {n}, {n,} or {n,m} with n no more than m");
        }
    }

    private GrammarTree? Literal()
    {
        var literal = new StringBuilder();
        for (reader.At++; !reader.Take("\"");)
        {
            if (reader.IsAtEnd || reader.Peek() is '\n')
                return Fail<GrammarTree>("an unclosed \"");

            if (Character() is not { } codePoint)
                return null;

            if (!Rune.TryCreate(codePoint, out var rune))
                return Fail<GrammarTree>("a surrogate, which is no character");

            literal.Append(rune.ToString());
        }

        return new GrammarTree.Literal(Encoding.UTF8.GetBytes(literal.ToString()));
    }

    private GrammarTree? Class()
    {
        reader.At++;
        var isNegated = reader.Take("^");
        List<(int, int)> ranges = [];
        while (!reader.Take("]"))
        {
            if (reader.IsAtEnd || Character() is not { } first)
                return Fail<GrammarTree>("an unclosed [");

            var last = first;
            if (reader.Peek() == '-' && reader.Peek(1) != ']')
            {
                reader.At++;
                if (reader.IsAtEnd || Character() is not { } end)
                    return Fail<GrammarTree>("an unclosed [");

                last = end;
            }

            if (last < first)
                return Fail<GrammarTree>("a range whose ends are the wrong way round");

            ranges.Add((first, last));
        }

        var set = CodePointSet.Of(ranges.ToArray());
        return new GrammarTree.Characters(isNegated ? set.Complement() : set);
    }

    private int? Character()
    {
        var codePoint = reader.TakeCodePoint();
        if (codePoint != '\\')
            return codePoint;

        switch (reader.IsAtEnd ? '\0' : reader.TakeCodePoint())
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'x' when reader.TakeHex(2) is { } value: return value;
            case 'u' when reader.TakeHex(4) is { } value: return value;
            case 'U' when reader.TakeHex(8) is { } value and >= 0 and <= 0x10FFFF: return value;
            case var other when other is '\\' or '"' or '\'' or '[' or ']' or '-' or '^' or '/': return other;
            default:
                Fail<GrammarTree>("an unknown escape");
                return null;
        }
    }

    private bool IsAtRuleStart()
    {
        var start = reader.At;
        var isRule = TakeRuleStart(out _);
        reader.At = start;
        return isRule;
    }

    private bool TakeRuleStart(out string name)
    {
        name = TakeName() ?? "";
        SkipSpace();
        return name.Length > 0 && reader.Take("::=");
    }

    private string? TakeName()
    {
        if (!char.IsAsciiLetter(reader.Peek()))
            return null;

        var start = reader.At;
        while (char.IsAsciiLetterOrDigit(reader.Peek()) || reader.Peek() is '-' or '_')
            reader.At++;

        return text[start..reader.At];
    }

    private void SkipSpace()
    {
        while (!reader.IsAtEnd && (char.IsWhiteSpace(reader.Peek()) || reader.Peek() == '#'))
        {
            if (reader.Peek() == '#' && reader.TakeUntil('\n') is null)
                reader.At = text.Length;
            else if (!reader.IsAtEnd && reader.Peek() != '#' && char.IsWhiteSpace(reader.Peek()))
                reader.At++;
        }
    }

    private T? Fail<T>(string problem)
        where T : class
    {
        Error ??= $"{problem} in line {text.AsSpan(0, Math.Min(reader.At, text.Length)).Count('\n') + 1}";
        return null;
    }
}
