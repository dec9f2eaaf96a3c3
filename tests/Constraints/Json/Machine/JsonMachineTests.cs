namespace Penstock.Constraints.Tests.Json.Machine;

public sealed class JsonMachineTests
{
    private const string Person = """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0}},"required":["name"],"additionalProperties":false}""";

    [Theory]
    [InlineData("true", """{"a":[1,-2.5e3,"x\n\u00e9\ud83d\ude00",null,true,false,{}]}""")]
    [InlineData("true", "[ 1 , 2 ]")]
    [InlineData("true", "{\n  \"a\": [\n    1\n  ]\n}")]
    [InlineData("true", "{\r\n\t\"a\": 1\r\n}")]
    [InlineData("true", "1e308")]
    [InlineData("true", "12345678910111213141516171819202122232425262728293031")]
    [InlineData(Person, """{"name":"A"}""")]
    [InlineData(Person, """{"age":3,"name":"A"}""")]
    [InlineData(Person, """{"\u006eame":"A"}""")]
    [InlineData("""{"enum":["a","b",1,null,{"x":[1]}]}""", """{ "x": [1.0] }""")]
    [InlineData("""{"enum":["\ud83d\ude00"]}""", "\"\\ud83D\\uDE00\"")]
    [InlineData("""{"type":"string","minLength":2,"maxLength":2}""", "\"é\\ud83d\\ude00\"")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":2}""", "[1,2,3]")]
    [InlineData("""{"type":"array","prefixItems":[{"const":1}],"items":false}""", "[1]")]
    [InlineData("""{"type":"array","contains":{"const":5},"minContains":2}""", "[1,5,2,5]")]
    [InlineData("""{"type":"object","minProperties":2}""", """{"a":1,"b":2}""")]
    public void Step_ValidText_LeadsToAcceptance(string schema, string text) => Assert.True(Machines.Accepts(schema, text));

    [Theory]
    [InlineData("true", "[1,]")]
    [InlineData("true", "01")]
    [InlineData("true", "\"\\x\"")]
    [InlineData("true", "\"\n\"")]
    [InlineData("true", "\"\\ud800\"")]
    [InlineData("true", """{"a":1,"a":2}""")]
    [InlineData("true", "[1     ,2]")]
    [InlineData("true", "\"\u0080")]
    [InlineData(Person, "{}")]
    [InlineData(Person, """{"name":"A","size":1}""")]
    [InlineData(Person, """{"name":"A","age":-1}""")]
    [InlineData(Person, """{"name":"A","name":"B"}""")]
    [InlineData("""{"type":"string","maxLength":2}""", "\"abc\"")]
    [InlineData("""{"type":"string","minLength":2}""", "\"a\"")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"maxItems":1}""", "[1,2]")]
    [InlineData("""{"type":"array","contains":{"const":5},"maxContains":1}""", "[5,5]")]
    [InlineData("""{"type":"object","maxProperties":1}""", """{"a":1,"b":2}""")]
    [InlineData("""{"type":"object","dependentRequired":{"a":["b"]}}""", """{"a":1}""")]
    public void Step_InvalidText_IsRefused(string schema, string text) => Assert.False(Machines.Accepts(schema, text));

    [Fact]
    public void Step_InvalidUtf8_IsRefused()
    {
        var inString = Machines.Read(Machines.Start("true"), "\"")!;

        Assert.Null(inString.Step(0x80));
        Assert.Null(inString.Step(0xFF));
        Assert.Null(inString.Step(0xC3)!.Step((byte)'a'));
    }

    [Theory]
    [InlineData("""{"enum":["cat","cow"]}""", "\"c", "ao", "bxq\"")]
    [InlineData("""{"enum":["cat","cow"]}""", "\"c\\u006", "1fF", "023\"")]
    [InlineData("""{"type":"integer","minimum":10,"maximum":29}""", "", "012", "-3456789")]
    [InlineData("""{"type":"object","properties":{"aa":true,"ab":true},"additionalProperties":false}""", """{"a""", "ab", "c\"")]
    [InlineData("""{"type":"object","properties":{"aa":true,"ab":true},"additionalProperties":false}""", """{"aa":1,"a""", "b", "ac\"")]
    public void Step_Prefix_TakesTheBytesThatCanBeEnded(string schema, string prefix, string taken, string refused)
    {
        var state = Machines.Read(Machines.Start(schema), prefix)!;

        Assert.All(taken, value => Assert.NotNull(state.Step((byte)value)));
        Assert.All(refused, value => Assert.Null(state.Step((byte)value)));
    }

    [Fact]
    public void Step_CompleteDocument_LeavesNothing()
    {
        var end = Machines.Read(Machines.Start(Person), """{"name":"A"}""")!;

        Assert.True(end.IsAccepting);
        Assert.All(Enumerable.Range(0, 256), value => Assert.Null(end.Step((byte)value)));
    }

    [Fact]
    public void Step_TenThousandLevels_EndsThemAll()
    {
        var state = Machines.Read(Machines.Start("true"), string.Concat(Enumerable.Repeat("[{\"a\":", 5_000)))!;

        Assert.Equal(1 + (2 * 5_000), state.EndingLength);
        Assert.True(Machines.Read(state, Machines.EndingOf(state)) is { IsAccepting: true });
        Assert.NotNull(state.Outline);
    }

    [Fact]
    public void Step_KnownBytes_AllocatesNothing()
    {
        var start = Machines.Start(Person);
        var text = """{"name":"some text that goes on","age":1234}"""u8.ToArray();
        Walk(start, text);
        Walk(start, text);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Walk(start, text);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Step_PastTheStoresBound_GoesOnWorking()
    {
        var start = Machines.Start("true", storeBound: 50);
        var text = string.Concat(Enumerable.Range(0, 200).Select(i => $"{{\"name{i}\":[{i},\"text\",{{\"x\":"));

        var state = Machines.Read(start, text)!;
        Assert.True(Machines.Read(state, Machines.EndingOf(state)) is { IsAccepting: true });
        Assert.True(Machines.Read(start, "[1,2]") is { IsAccepting: true });
    }

    private static void Walk(ConstraintState start, byte[] text)
    {
        var state = start;
        foreach (var value in text)
            state = state.Step(value)!;
    }
}
