using System.Buffers;
using System.Text;
using System.Text.Json;
using Penstock.Constraints.Grammars;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Tests.Grammars;

public sealed class GrammarTests
{
    private const string Arithmetic = """
        # sums and products
        root   ::= term (("+" | "-") term)*
        term   ::= factor (("*" | "/") factor)*
        factor ::= [0-9]+ | "(" root ")"
        """;

    private const string Json = """
        root   ::= value
        value  ::= object | array | string | number | "true" | "false" | "null"
        object ::= "{" ws (member ("," ws member)*)? "}" ws
        member ::= string ":" ws value
        array  ::= "[" ws (value ("," ws value)*)? "]" ws
        string ::= "\"" ([^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4}))* "\"" ws
        number ::= "-"? ("0" | [1-9] [0-9]{0,15}) ("." [0-9]{1,4})? ([eE] [-+]? [0-9]{1,2})? ws
        ws     ::= [ \t\n]{0,2}
        """;

    [Theory]
    [InlineData("1+2*(3-4)", true)]
    [InlineData("((((1))))", true)]
    [InlineData("(1", false)]
    [InlineData("1)", false)]
    [InlineData("1+", false)]
    [InlineData("", false)]
    public void Compile_Arithmetic_TakesNestedExpressions(string text, bool expected) => Assert.Equal(expected, Matches(Arithmetic, text));

    [Fact]
    public void Compile_LeftOut_EndingsCloseWhatIsOpen()
    {
        var state = Walk(Compile(Arithmetic), "2*(3+((")!;
        Assert.Equal("0)))", EndingOf(state));
        Assert.Equal(4, state.EndingLength);
        Assert.Null(state.Step((byte)')'));
    }

    [Fact]
    public void Outline_DeeperNesting_IsTheSameObject()
    {
        var start = Compile(Json);
        var shallow = Walk(start, "[[[[[[1,{\"a")!;
        var deep = Walk(start, "[[[{\"b\":[[[[[[[1,{\"a")!;

        Assert.NotSame(shallow, deep);
        Assert.Same(shallow.Outline, deep.Outline);
        Assert.Same(deep.Outline, deep.Outline.Outline);
        Assert.NotNull(deep.Outline.Loop);
    }

    [Fact]
    public void Outline_EveryState_TakesWhatTheStateTakesAndAcceptsWhereItDoes()
    {
        var start = Compile(Json);
        var random = new Random(4);
        for (var round = 0; round < 200; round++)
        {
            var state = start;
            for (var tries = random.Next(300); tries > 0; tries--)
                state = state.Step((byte)(random.Next(3) > 0 ? "[{\"0,:]}"[random.Next(8)] : random.Next(256))) ?? state;

            var outline = state.Outline;
            Assert.Equal(state.IsAccepting, outline.IsAccepting);
            for (var bytes = 0; bytes < 5; bytes++)
            {
                Assert.DoesNotContain(Enumerable.Range(0, 256), value => state.Step((byte)value) is not null && outline.Step((byte)value) is null);
                var taken = Enumerable.Range(0, 256).Where(value => state.Step((byte)value) is not null).ToArray();
                if (taken.Length == 0)
                    break;

                var next = (byte)taken[random.Next(taken.Length)];
                (state, outline) = (state.Step(next)!, outline.Step(next)!);
            }
        }
    }

    [Theory]
    [InlineData("[[[[[[", "]]]", true)]
    [InlineData("[[[[[[", "]]}", false)]
    [InlineData("[[[{\"a\":[[", "]]}", true)]
    public void Outline_ClosingTokens_AreToldApartAtTheTop(string text, string token, bool isTaken)
    {
        var outline = Walk(Compile(Json), text)!.Outline;
        Assert.Equal(isTaken, Walk(outline, token) is not null);
    }

    [Fact]
    public void Compile_Json_EveryRandomWalkIsADocument()
    {
        var start = Compile(Json);
        var random = new Random(11);
        var deepest = 0;
        for (var round = 0; round < 300; round++)
        {
            var state = start;
            List<byte> text = [];
            for (var tries = random.Next(2000); tries > 0; tries--)
            {
                var value = (byte)(random.Next(3) == 0 ? "[{\"0,:]}"[random.Next(8)] : random.Next(256));
                if (state.Step(value) is { } next)
                {
                    state = next;
                    text.Add(value);
                }
            }

            deepest = Math.Max(deepest, text.Count(static b => b == '['));
            text.AddRange(Encoding.UTF8.GetBytes(EndingOf(state)));
            using var document = JsonDocument.Parse(text.ToArray());
        }

        Assert.True(deepest > 5);
    }

    [Fact]
    public void Compile_Json_TakesADocumentInAnyScript() =>
        Assert.True(Matches(Json, """{"a": [1, -2.5e10, {"ключ": ["", "\u00e9\n", null]}], "b":true}"""));

    [Theory]
    [InlineData("root ::= a", "\"a\", which is not there")]
    [InlineData("start ::= \"x\"", "no rule \"root\"")]
    [InlineData("root ::= \"x\" | a\na ::= \"y\" a", "\"a\" that no text can finish")]
    [InlineData("root ::= [] | \"a\" root", "\"root\" that no text can finish")]
    [InlineData("root ::= root \"+\" \"1\" | \"1\"", "begins with itself")]
    [InlineData("root ::= a \"x\"\na ::= b* c | \"z\"\nb ::= \"y\"\nc ::= root?", "begins with itself")]
    [InlineData("root ::= \"a\"\nroot ::= \"b\"", "a second rule \"root\" in line 2")]
    [InlineData("root ::= (\"a\"", "an unclosed ( in line 1")]
    [InlineData("root ::= \"a\n", "an unclosed \" in line 1")]
    [InlineData("root ::= \"a\" )", "an unmatched )")]
    [InlineData("root ::= \"a\"{3,2}", "a count that is not")]
    [InlineData("root ::= \"\\q\"", "an unknown escape")]
    [InlineData("root ::= * \"a\"", "an unexpected '*'")]
    [InlineData("\"a\"", "no rule (name ::= ...)")]
    public void Compile_Faulty_IsRefusedByName(string grammar, string problem)
    {
        var error = GrammarCompiler.Compile(grammar, TextLimits.Default).Error;
        Assert.NotNull(error);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_AmbiguousGrammar_MergesStacks()
    {
        // n times a, then c and at most n times b: after n characters there are n ways to have come there.
        var limits = TextLimits.Default with { Nodes = 100_000 };
        var start = GrammarCompiler.Compile("root ::= \"a\" root | \"a\" root \"b\" | \"c\"", limits).OrThrow();
        var state = Walk(start, new string('a', 200) + "c" + new string('b', 200))!;
        Assert.True(state.IsAccepting);
        Assert.Null(state.Step((byte)'b'));
        Assert.Same(Walk(start, "aab"), Walk(start, "aab"));
    }

    [Fact]
    public void Step_ListInARow_ReturnsToTheSameState()
    {
        var start = Compile("root ::= item (\",\" item)*\nitem ::= [a-z]+ | \"(\" root \")\"");
        Assert.Same(Walk(start, "a,b"), Walk(start, "a,b,(c,d),e"));
        Assert.Same(Walk(start, "(a"), Walk(start, "(a,(b),cde"));
    }

    [Fact]
    public void Compile_HostileGrammars_EndInARefusalOrABound()
    {
        var nested = "root ::= " + new string('(', 60_000) + "\"a\"" + new string(')', 60_000);
        Assert.Contains("nested more than", GrammarCompiler.Compile(nested, TextLimits.Default).Error!.Message, StringComparison.Ordinal);

        var huge = "root ::= \"" + new string('a', 2_000_000) + "\"";
        Assert.Contains("are the most", GrammarCompiler.Compile(huge, TextLimits.Default).Error!.Message, StringComparison.Ordinal);

        var chain = new StringBuilder("root ::= r0\n");
        for (var i = 0; i < 10_000; i++)
            chain.Append('r').Append(i).Append(" ::= \"x\"? r").Append(i + 1).Append('\n');

        AssertEnds(chain.Append("r10000 ::= \"y\"").ToString());
        AssertEnds("root ::= ((((\"a\"{1,90} \"b\"?){1,90} \"c\"?){1,90}){1,90} root?){1,90}");
    }

    private static void AssertEnds(string grammar)
    {
        try
        {
            var deadline = new ConstraintDeadline(TimeProvider.System, TimeSpan.FromSeconds(5));
            var compiled = GrammarCompiler.Compile(grammar, TextLimits.Default with { Nodes = 100_000 }, deadline);
            if (compiled.Ok)
                Walk(compiled.Value, new string('a', 100));
        }
        catch (ConstraintLimitException limit)
        {
            Assert.NotEqual(ConstraintBound.Time, limit.Bound);
        }
    }

    private static ConstraintState Compile(string grammar) => GrammarCompiler.Compile(grammar, TextLimits.Default).OrThrow();

    private static bool Matches(string grammar, string text) => Walk(Compile(grammar), text) is { IsAccepting: true };

    private static ConstraintState? Walk(ConstraintState state, string text)
    {
        var current = (ConstraintState?)state;
        foreach (var value in Encoding.UTF8.GetBytes(text))
            current = current?.Step(value);

        return current;
    }

    private static string EndingOf(ConstraintState state)
    {
        var ending = new ArrayBufferWriter<byte>();
        state.WriteEnding(ending);
        Assert.Equal(state.EndingLength, ending.WrittenCount);
        return Encoding.UTF8.GetString(ending.WrittenSpan);
    }
}
