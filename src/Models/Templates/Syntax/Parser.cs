using System.Runtime.CompilerServices;

namespace Penstock.Models.Templates.Syntax;

/// <summary>Tokens to a tree, by recursive descent. This part has the statements.</summary>
internal sealed partial class Parser
{
    private readonly List<Token> tokens;
    private readonly int maxDepth;
    private int current;
    private int depth;

    private Parser(List<Token> tokens, int maxDepth) => (this.tokens, this.maxDepth) = (tokens, maxDepth);

    public static Block Parse(List<Token> tokens, int maxDepth)
    {
        var parser = new Parser(tokens, maxDepth);
        List<Statement> statements = [];
        while (!parser.Is(TokenType.End)) parser.ParseInto(statements);
        return new Block(statements);
    }

    private Token Current => tokens[current];

    private int Line => tokens[current].Line;

    private void ParseInto(List<Statement> statements)
    {
        var token = Current;
        switch (token.Type)
        {
            case TokenType.Comment:
                current++;
                break;
            case TokenType.Text:
                current++;
                statements.Add(new TextStatement(token.Line, token.Text));
                break;
            case TokenType.OpenStatement:
                current++;
                Enter();
                statements.Add(ParseStatement());
                depth--;
                break;
            case TokenType.OpenExpression:
                current++;
                statements.Add(new PrintStatement(token.Line, ParseExpression()));
                Expect(TokenType.CloseExpression, "'}}'");
                break;
            default:
                throw Unexpected("text or a tag");
        }
    }

    private Statement ParseStatement()
    {
        var line = Line;
        var keyword = Expect(TokenType.Name, "a statement's name");
        switch (keyword)
        {
            case "set":
                return ParseSet(line);
            case "if":
                var choice = ParseIf(line);
                End("endif");
                return choice;
            case "for":
                return ParseFor(line);
            case "macro":
                return ParseMacro(line);
            case "call":
                return ParseCallBlock(line);
            case "filter":
                var filter = ParseFilterName();
                Close();
                var filtered = ParseBlock("filter", "endfilter");
                End("endfilter");
                return new FilterStatement(line, filter, filtered);
            case "break":
                Close();
                return new BreakStatement(line);
            case "continue":
                Close();
                return new ContinueStatement(line);
            default:
                throw new TemplateFault($"unknown statement '{keyword}'", line);
        }
    }

    private SetStatement ParseSet(int line)
    {
        var target = ParseTarget(() => ParseSequence(ParseExpression));
        if (Take(TokenType.Equals))
        {
            var value = ParseSequence(ParseExpression);
            Close();
            return new SetStatement(line, target, value, Block.Empty);
        }

        Close();
        var body = ParseBlock("set", "endset");
        End("endset");
        return new SetStatement(line, target, null, body);
    }

    private IfStatement ParseIf(int line)
    {
        Enter();
        var test = ParseExpression();
        Close();
        var body = ParseBlock("if", "elif", "else", "endif");
        var otherwise = Block.Empty;
        if (AtStatement("elif"))
        {
            current += 2;
            var elifLine = Line;
            otherwise = new Block([ParseIf(elifLine)]);
        }
        else if (TakeElse())
        {
            otherwise = ParseBlock("if", "endif");
        }

        depth--;
        return new IfStatement(line, test, body, otherwise);
    }

    private ForStatement ParseFor(int line)
    {
        var target = ParseTarget(() => ParseSequence(ParsePrimary));
        var unpacks = target is ListExpression { IsTuple: true };
        var names = (target is ListExpression { IsTuple: true } tuple ? tuple.Items : [target])
            .Select(item => item is NameExpression name ? name.Name : throw new TemplateFault("a loop's variable must be a name", item.Line))
            .ToList();
        if (!TakeName("in")) throw Unexpected("'in' after the loop's variable");
        var iterable = ParseExpression();
        Close();
        Expression? filter = null;
        if (iterable is ConditionalExpression { Otherwise: null } filtered)
            (iterable, filter) = (filtered.Then, filtered.Test);
        var body = ParseBlock("for", "else", "endfor");
        var otherwise = TakeElse() ? ParseBlock("for", "endfor") : Block.Empty;
        End("endfor");
        return new ForStatement(line, names, unpacks, iterable, filter, body, otherwise);
    }

    private MacroStatement ParseMacro(int line)
    {
        var name = Expect(TokenType.Name, "the macro's name");
        return new MacroStatement(line, name, ParseMacroBody(ParseParameters, () =>
        {
            Close();
            return ParseBlock("macro", "endmacro");
        }, "endmacro"));
    }

    private CallStatement ParseCallBlock(int line)
    {
        CallExpression? call = null;
        var caller = ParseMacroBody(() => Is(TokenType.OpenParen) ? ParseParameters() : [], () =>
        {
            var callee = new NameExpression(Line, Expect(TokenType.Name, "the name of a macro"));
            call = new CallExpression(line, callee, ParseArguments());
            Close();
            return ParseBlock("call", "endcall");
        }, "endcall");
        return new CallStatement(line, caller, call!);
    }

    private Block ParseBlock(string opener, params ReadOnlySpan<string> ends)
    {
        var line = Line;
        List<Statement> statements = [];
        while (!AtStatement(ends))
        {
            if (Is(TokenType.End)) throw new TemplateFault($"'{opener}' is never closed by '{ends[^1]}'", line);
            ParseInto(statements);
        }

        return new Block(statements);
    }

    private bool AtStatement(params ReadOnlySpan<string> names) =>
        Is(TokenType.OpenStatement) && tokens[current + 1] is { Type: TokenType.Name } name && names.Contains(name.Text);

    private bool TakeElse()
    {
        if (!AtStatement("else")) return false;
        current += 2;
        Close();
        return true;
    }

    private void End(string keyword)
    {
        if (!AtStatement(keyword)) throw Unexpected($"'{keyword}'");
        current += 2;
        Close();
    }

    private void Close() => Expect(TokenType.CloseStatement, "'%}'");

    private bool Is(TokenType type) => tokens[current].Type == type;

    private bool IsName(string name) => tokens[current].Type == TokenType.Name && tokens[current].Text == name;

    private bool Take(TokenType type)
    {
        if (!Is(type)) return false;
        current++;
        return true;
    }

    private bool TakeName(string name)
    {
        if (!IsName(name)) return false;
        current++;
        return true;
    }

    private string Expect(TokenType type, string what) => Is(type) ? tokens[current++].Text : throw Unexpected(what);

    private TemplateFault Unexpected(string expected)
    {
        var found = Current.Type is TokenType.End ? "the end of the template" : Current.Type.ToString();
        return new TemplateFault($"expected {expected}, found {(Current.Text is { Length: > 0 and < 40 } text && !Is(TokenType.Text) ? $"'{text}'" : found)}", Line);
    }

    private void Enter()
    {
        if (++depth > maxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateFault($"nested deeper than {maxDepth} levels", Line);
    }
}
