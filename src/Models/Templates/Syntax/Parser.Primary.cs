using System.Globalization;
using System.Text;
using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Syntax;

/// <summary>This part has literals, arguments and parameters.</summary>
internal sealed partial class Parser
{
    private readonly Stack<SpareArguments> macros = new();

    private Expression ParsePrimary()
    {
        var token = Current;
        if (!Is(TokenType.End)) current++;
        switch (token.Type)
        {
            case TokenType.Number:
                return Number(token);
            case TokenType.String:
                if (!Is(TokenType.String)) return new LiteralExpression(token.Line, new StringValue(token.Text));
                var parts = new StringBuilder(token.Text);
                while (Is(TokenType.String)) parts.Append(tokens[current++].Text);
                return new LiteralExpression(token.Line, new StringValue(parts.ToString()));
            case TokenType.Name:
                foreach (var macro in macros) macro.Read(token.Text);
                return new NameExpression(token.Line, token.Text);
            case TokenType.OpenParen:
                var inner = ParseSequence(ParseExpression);
                Expect(TokenType.CloseParen, "')'");
                return inner;
            case TokenType.OpenBracket:
                return ParseList(token.Line);
            case TokenType.OpenBrace:
                return ParseMapping(token.Line);
            default:
                current -= token.Type == TokenType.End ? 0 : 1;
                throw Unexpected("a value");
        }
    }

    private static LiteralExpression Number(Token token)
    {
        var value = double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return new LiteralExpression(token.Line, token.Text.Contains('.') ? new FloatValue(value) : new IntegerValue(value));
    }

    private ListExpression ParseList(int line)
    {
        List<Expression> items = [];
        while (!Take(TokenType.CloseBracket))
        {
            items.Add(ParseExpression());
            Take(TokenType.Comma);
        }

        return new ListExpression(line, items, IsTuple: false);
    }

    private MappingExpression ParseMapping(int line)
    {
        List<(Expression, Expression)> entries = [];
        while (!Take(TokenType.CloseBrace))
        {
            var key = ParseExpression();
            Expect(TokenType.Colon, "':' between a key and its value");
            entries.Add((key, ParseExpression()));
            Take(TokenType.Comma);
        }

        return new MappingExpression(line, entries);
    }

    private List<Argument> ParseArguments()
    {
        Expect(TokenType.OpenParen, "'('");
        List<Argument> arguments = [];
        bool keyword = false, spread = false, keywordSpread = false;
        while (!Take(TokenType.CloseParen))
        {
            var line = Line;
            var argument = ParseArgument();
            var fault = argument.Kind switch
            {
                _ when keywordSpread => "'**' must be the last argument",
                ArgumentKind.Positional when keyword => "a positional argument follows a keyword argument",
                ArgumentKind.Positional when spread => "a positional argument follows '*'",
                ArgumentKind.Spread when spread => "'*' may be used once",
                _ => null,
            };
            if (fault is not null) throw new TemplateFault(fault, line);
            keyword |= argument.Kind == ArgumentKind.Keyword;
            spread |= argument.Kind == ArgumentKind.Spread;
            keywordSpread |= argument.Kind == ArgumentKind.KeywordSpread;
            arguments.Add(argument);
            Take(TokenType.Comma);
        }

        return arguments;
    }

    private Argument ParseArgument()
    {
        if (Take(TokenType.Power)) return new Argument(ArgumentKind.KeywordSpread, "", ParseExpression());
        if (Is(TokenType.Multiplicative) && Current.Text == "*")
        {
            current++;
            return new Argument(ArgumentKind.Spread, "", ParseExpression());
        }

        if (Is(TokenType.Name) && tokens[current + 1].Type == TokenType.Equals)
        {
            var name = tokens[current].Text;
            current += 2;
            return new Argument(ArgumentKind.Keyword, name, ParseExpression());
        }

        return new Argument(ArgumentKind.Positional, "", ParseExpression());
    }

    private List<Parameter> ParseParameters()
    {
        Expect(TokenType.OpenParen, "'('");
        List<Parameter> parameters = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        while (!Take(TokenType.CloseParen))
        {
            var line = Line;
            var name = Expect(TokenType.Name, "a parameter's name");
            var hasDefault = Take(TokenType.Equals);
            if (!names.Add(name)) throw new TemplateFault($"the parameter '{name}' is declared twice", line);
            if (!hasDefault && parameters is [.., { Default: not null }])
                throw new TemplateFault("a parameter without a default follows one with a default", line);
            parameters.Add(new Parameter(name, hasDefault ? ParseExpression() : null));
            Take(TokenType.Comma);
        }

        return parameters;
    }

    private MacroBody ParseMacroBody(Func<List<Parameter>> parseParameters, Func<Block> parseBody, string end)
    {
        var parameters = parseParameters();
        foreach (var parameter in parameters) Declare(parameter.Name);
        var spare = new SpareArguments();
        foreach (var parameter in parameters) spare.Declare(parameter.Name);
        macros.Push(spare);
        var body = parseBody();
        macros.Pop();
        End(end);
        return new MacroBody(parameters, spare.ReadsVarargs, spare.ReadsKwargs, body);
    }

    /// <summary>Names that are assigned to are declared, not read.</summary>
    private Expression ParseTarget(Func<Expression> parse)
    {
        SpareArguments[] outside = [.. macros];
        macros.Clear();
        var target = parse();
        foreach (var macro in outside.Reverse()) macros.Push(macro);
        foreach (var name in target is ListExpression list ? list.Items : [target])
        {
            if (name is NameExpression { Name: var text }) Declare(text);
        }

        return target;
    }

    private void Declare(string name)
    {
        foreach (var macro in macros) macro.Declare(name);
    }
}
