using Penstock.Constraints.Json.Machine;

namespace Penstock.Constraints.Tests.Json.Machine;

/// <summary>Schemas whose alternatives overlap at every level: the ways to read must not multiply.</summary>
public sealed class JoinedFrameTests
{
    // Each level may be any of three that the names before it do not tell apart.
    private const string Overlapping = """
        {"$ref":"#/$defs/node","$defs":{"node":{"type":["object","integer"],"properties":{"in":{"$ref":"#/$defs/node"}},
        "anyOf":[{"required":["x"]},{"required":["y"]},{"required":["z"],"properties":{"x":false}},{"type":"integer"}]}}}
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void Step_OverlappingAlternativesNested_KeepsTheThreadsOfOneLevel(int levels)
    {
        var text = string.Concat(Enumerable.Repeat("""{"in":""", levels)) + "{\"";
        var state = Assert.IsType<JsonState>(Machines.Read(Machines.Start(Overlapping), text));

        Assert.True(state.ThreadCount <= 3, $"{state.ThreadCount} threads.");
        Machines.AssertEnds(state, text);
        Machines.AssertEnds(state.Outline, text);
    }

    [Theory]
    [InlineData("""{"in":{"in":1,"x":1},"z":1}""", true)]
    [InlineData("""{"in":{"in":1,"z":1},"x":1,"q":2}""", true)]
    [InlineData("""{"in":{"in":1,"z":1},"q":2}""", false)]
    [InlineData("""{"in":{"in":1,"q":1},"x":1}""", false)]
    [InlineData("""{"x":{"in":1},"y":1}""", true)]
    public void Step_OverlappingAlternativesNested_TellsThemApartAfterwards(string text, bool isValid) =>
        Assert.Equal(isValid, Machines.Accepts(Overlapping, text));

    [Fact]
    public void Step_EveryPlaceOfANestedText_HasAnEnding()
    {
        ConstraintState? state = Machines.Start(Overlapping);
        var text = """{"in":{"in":{"y":2,"in":3}, "z":1},"q":[1,{"in":1}],"x":1}""";
        for (var i = 0; i < text.Length; i++)
        {
            state = state!.Step((byte)text[i]);
            Machines.AssertEnds(state!, text[..(i + 1)]);
        }

        Assert.True(state!.IsAccepting);
    }

    [Fact]
    public void Outline_RuleAboutSomeNames_DoesNotRememberThem()
    {
        // Some property with a lower-case name is no integer.
        var start = Machines.Start("""{"type":"object","not":{"patternProperties":{"^[a-z]+$":{"type":"integer"}}}}""");

        Assert.Same(Machines.Read(start, """{"ab""")!.Outline, Machines.Read(start, """{"cde""")!.Outline);
        Assert.NotSame(Machines.Read(start, """{"ab""")!.Outline, Machines.Read(start, """{"cD""")!.Outline);
        Assert.NotNull(Machines.Read(start, """{"ab":1,"A":"","c":"" """ + "}"));
        Assert.Null(Machines.Read(start, """{"ab":1,"A":"" """ + "}"));
    }
}
