namespace Penstock.Constraints.Tests.Json.Machine;

public sealed class LoopTests
{
    [Fact]
    public void Loop_FreeString_IsEveryPlainCharacterForEver()
    {
        var state = Machines.Read(Machines.Start("""{"type":"string"}"""), "\"abc")!;
        var loop = state.Loop!.Value;

        Assert.True(loop.IsUnbounded);
        Assert.True(loop.NonAscii);
        Assert.Equal(128 - 32 - 2, (int)UInt128.PopCount(loop.Ascii));
        Assert.Same(state, state.Step((byte)'x'));
        Assert.Same(state, state.Step(0xC3)!.Step(0xA9));
    }

    [Fact]
    public void Loop_BoundedString_CountsWhatIsLeft()
    {
        var start = Machines.Start("""{"type":"string","maxLength":5}""");

        Assert.Equal(3, Machines.Read(start, "\"ab")!.Loop!.Value.Most);
        Assert.Same(Machines.Read(start, "\"ab"), Machines.Read(start, "\"xé"));
        Assert.Null(Machines.Read(start, "\"abcde")!.Loop);
    }

    [Fact]
    public void Loop_LeastLength_IsOfEqualStatesOnceReached()
    {
        var start = Machines.Start("""{"type":"string","minLength":2}""");

        Assert.False(Machines.Read(start, "\"a")!.Loop!.Value.IsUnbounded);
        Assert.True(Machines.Read(start, "\"ab")!.Loop!.Value.IsUnbounded);
    }

    [Fact]
    public void Outline_FreeNames_IsOneObjectWhateverTheNames()
    {
        var start = Machines.Start("""{"type":"object"}""");
        var one = Machines.Read(start, """{"abc":1,"x""")!;
        var other = Machines.Read(start, """{"abd":1,"yz""")!;

        Assert.NotSame(one, other);
        Assert.Null(one.Loop);
        Assert.True(one.Outline.Loop!.Value.IsUnbounded);
        Assert.Same(one.Outline, other.Outline);
        Assert.Same(one.Outline, one.Outline.Outline);
    }

    [Fact]
    public void Outline_NameThatMayBecomeAnEarlierOne_StillKnowsIt()
    {
        var state = Machines.Read(Machines.Start("""{"type":"object"}"""), """{"abc":1,"abc""")!;

        Assert.Null(state.Step((byte)'"'));
        Assert.Null(state.Outline.Step((byte)'"'));
        Assert.NotNull(state.Outline.Step((byte)'d'));
    }
}
