using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Syntax;

/// <summary>This part has the expressions, loosest binding first.</summary>
internal sealed partial class Parser
{
    private Expression ParseExpression()
    {
        Enter();
        var value = ParseOr();
        var line = Line;
        if (TakeName("if"))
        {
            var test = ParseOr();
            value = new ConditionalExpression(line, test, value, TakeName("else") ? ParseExpression() : null);
        }

        depth--;
        return value;
    }

    /// <summary>One expression, or a tuple where commas follow.</summary>
    private Expression ParseSequence(Func<Expression> parse)
    {
        var line = Line;
        var first = parse();
        if (!Is(TokenType.Comma)) return first;
        List<Expression> items = [first];
        while (Take(TokenType.Comma)) items.Add(parse());
        return new ListExpression(line, items, IsTuple: true);
    }

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (IsName("or")) left = Binary(left, ParseAnd);
        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (IsName("and")) left = Binary(left, ParseNot);
        return left;
    }

    private Expression ParseNot()
    {
        var line = Line;
        if (IsName("not") && TakeName("not"))
        {
            Enter();
            var operand = ParseNot();
            depth--;
            return new UnaryExpression(line, UnaryOperator.Not, operand);
        }

        return ParseComparison();
    }

    private Expression ParseComparison()
    {
        var left = ParseSum();
        while (true)
        {
            if (IsName("not") && tokens[current + 1] is { Type: TokenType.Name, Text: "in" })
            {
                var line = Line;
                current += 2;
                left = new BinaryExpression(line, BinaryOperator.NotIn, left, ParseSum());
            }
            else if (IsName("in") || Is(TokenType.Comparison))
            {
                left = Binary(left, ParseSum);
            }
            else
            {
                return left;
            }
        }
    }

    private Expression ParseSum()
    {
        var left = ParseProduct();
        while (Is(TokenType.Sign)) left = Binary(left, ParseProduct);
        return left;
    }

    private Expression ParseProduct()
    {
        var left = ParsePower();
        while (Is(TokenType.Multiplicative)) left = Binary(left, ParsePower);
        return left;
    }

    /// <summary>Left-associative, as Jinja has it and Python has not.</summary>
    private Expression ParsePower()
    {
        var left = ParseTest();
        while (Is(TokenType.Power)) left = Binary(left, ParseTest);
        return left;
    }

    private BinaryExpression Binary(Expression left, Func<Expression> parseRight)
    {
        var token = tokens[current++];
        return new BinaryExpression(token.Line, BinaryOperators.Named(token.Text), left, parseRight());
    }

    private Expression ParseTest()
    {
        var operand = ParseFilter();
        while (IsName("is"))
        {
            var line = Line;
            current++;
            var negated = TakeName("not");
            var name = Expect(TokenType.Name, "a test's name");
            operand = new TestExpression(line, operand, name, ParseTestArguments(), negated);
        }

        return operand;
    }

    /// <summary><c>is divisibleby(3)</c> or <c>is divisibleby 3</c>.</summary>
    private List<Argument> ParseTestArguments()
    {
        if (Is(TokenType.OpenParen)) return ParseArguments();
        var begins = Current.Type is TokenType.String or TokenType.Number or TokenType.OpenBracket or TokenType.OpenBrace
            || (Is(TokenType.Name) && Current.Text is not ("else" or "or" or "and" or "if" or "is" or "in" or "not"));
        return begins ? [new Argument(ArgumentKind.Positional, "", ParseMembers(ParsePrimary()))] : [];
    }

    private Expression ParseFilter()
    {
        var operand = ParseSigned();
        while (Is(TokenType.Pipe))
        {
            var line = Line;
            current++;
            operand = new FilterExpression(line, operand, ParseFilterName());
        }

        return operand;
    }

    private FilterCall ParseFilterName()
    {
        var line = Line;
        var name = Expect(TokenType.Name, "a filter's name");
        return new FilterCall(line, name, Is(TokenType.OpenParen) ? ParseArguments() : null);
    }

    private Expression ParseSigned()
    {
        var line = Line;
        if (!Is(TokenType.Sign) || Current.Text is not ("-" or "+")) return ParseMembersAndCalls(ParsePrimary());
        var sign = tokens[current++].Text == "-" ? UnaryOperator.Minus : UnaryOperator.Plus;
        Enter();
        var operand = ParseSigned();
        depth--;
        return new UnaryExpression(line, sign, operand);
    }

    private Expression ParseMembersAndCalls(Expression value)
    {
        value = ParseMembers(value);
        while (Is(TokenType.OpenParen))
        {
            var line = Line;
            value = ParseMembers(new CallExpression(line, value, ParseArguments()));
        }

        return value;
    }

    private Expression ParseMembers(Expression value)
    {
        while (true)
        {
            var line = Line;
            if (Take(TokenType.Dot))
            {
                var member = tokens[current++];
                Expression key = member.Type switch
                {
                    TokenType.Name => new LiteralExpression(line, new StringValue(member.Text)),
                    TokenType.Number when !member.Text.Contains('.') => Number(member),
                    _ => throw new TemplateFault("expected a name or an integer after '.'", line),
                };
                value = new MemberExpression(line, value, key, IsDotted: true);
            }
            else if (Take(TokenType.OpenBracket))
            {
                value = ParseIndex(value, line);
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ParseIndex(Expression value, int line)
    {
        List<Expression?> parts = [];
        var isSlice = false;
        while (!Take(TokenType.CloseBracket))
        {
            if (Take(TokenType.Colon))
            {
                parts.Add(null);
                isSlice = true;
            }
            else
            {
                parts.Add(ParseExpression());
                isSlice |= Take(TokenType.Colon);
            }
        }

        if (parts.Count is 0 or > 3) throw new TemplateFault("expected one index, or at most three parts of a slice, between '[' and ']'", line);
        return isSlice
            ? new SliceExpression(line, value, parts[0], parts.ElementAtOrDefault(1), parts.ElementAtOrDefault(2))
            : new MemberExpression(line, value, parts[0]!, IsDotted: false);
    }
}
