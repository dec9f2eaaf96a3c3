namespace Penstock.Constraints.Tests.Json.Machine;

public sealed class UniqueItemsTests
{
    private const string Ids = """{"type":"array","uniqueItems":true,"items":{"type":"object","properties":{"id":{"type":"string"}},"required":["id"],"additionalProperties":false}}""";

    [Theory]
    [InlineData("true", "[1,1]", false)]
    [InlineData("true", "[1,1.0]", false)]
    [InlineData("true", "[1,10e-1]", false)]
    [InlineData("true", "[1,2,12,21]", true)]
    [InlineData("true", """["a","\u0061"]""", false)]
    [InlineData("true", """["a","ab","b"]""", true)]
    [InlineData("true", "[true,false,null,0,\"\",[],{}]", true)]
    [InlineData("true", "[true,true]", false)]
    [InlineData("true", """[{"a":1,"b":2},{"b":2,"a":1}]""", false)]
    [InlineData("true", """[{"a":1,"b":2},{"b":2,"a":2}]""", true)]
    [InlineData("true", "[[1,[2]],[1, [2]]]", false)]
    [InlineData("""{"type":"boolean"}""", "[true,false]", true)]
    [InlineData("""{"type":"boolean"}""", "[true,false,true]", false)]
    public void Step_UniqueItems_AreToldApartByValue(string items, string text, bool valid) =>
        Assert.Equal(valid, Machines.Accepts($$"""{"type":"array","uniqueItems":true,"items":{{items}}}""", text));

    [Fact]
    public void Step_ValuesThatRunOut_LeaveNoComma()
    {
        var start = Machines.Start("""{"type":"array","uniqueItems":true,"items":{"enum":["a","b"]}}""");

        Assert.NotNull(Machines.Read(start, """["b","""));
        Assert.Null(Machines.Read(start, """["b","b"""));
        Assert.Null(Machines.Read(start, """["b","a","""));
    }

    [Fact]
    public void Step_ObjectThatWouldBeThereAlready_IsLeftBeforeItCloses()
    {
        var start = Machines.Start(Ids);

        // After the quote nothing but the end of an equal object could follow, so the quote itself is refused.
        Assert.Null(Machines.Read(start, """[{"id":"a"},{"id":"a" """.Trim()));
        var state = Machines.Read(start, """[{"id":"a"},{"id":"a""")!;
        Machines.AssertEnds(state, "an equal beginning");
    }

    [Fact]
    public void WriteEnding_LeastItems_AreDistinct()
    {
        var start = Machines.Start("""{"type":"array","uniqueItems":true,"minItems":4,"items":{"type":["string","boolean"],"maxLength":1}}""");

        Machines.AssertEnds(start, "");
        Machines.AssertEnds(Machines.Read(start, "[tr")!, "[tr");
        Machines.AssertEnds(Machines.Read(start, "[true,\"")!, "[true,\"");
    }

    [Fact]
    public void Outline_LongString_LoopsAlthoughItIsRemembered()
    {
        var state = Machines.Read(Machines.Start("""{"type":"array","uniqueItems":true,"items":{"type":"string"}}"""), """["one","two""")!;

        Assert.Null(state.Loop);
        Assert.True(state.Outline.Loop!.Value.IsUnbounded);
    }
}
