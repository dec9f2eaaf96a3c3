using System.Buffers;
using System.Text;
using Penstock.Constraints.Composition;

namespace Penstock.Constraints.Tests.Composition;

public sealed class CompositionTests
{
    [Theory]
    [InlineData("abc", true)]
    [InlineData("ab", false)]
    [InlineData("abcd", false)]
    [InlineData("abd", false)]
    public void Literal_Texts_OnlyItself(string text, bool accepted) => Assert.Equal(accepted, Accepts(Literal("abc"), text));

    [Theory]
    [InlineData("a1", true)]
    [InlineData("ab1", true)]
    [InlineData("abb1", false)]
    [InlineData("a", false)]
    public void Sequence_FirstMayEndOrGoOn_FollowsBoth(string text, bool accepted)
    {
        var first = ChoiceState.Of(Literal("a"), Literal("ab"));

        Assert.Equal(accepted, Accepts(SequenceState.Of(first, Literal("1")), text));
    }

    [Fact]
    public void Sequence_FirstIsPrefixOfItselfAndThen_FollowsBothByTheSameBytes()
    {
        var state = SequenceState.Of(ChoiceState.Of(Literal("a"), Literal("ab")), ChoiceState.Of(Literal("b"), Literal("bb")));

        Assert.All(["ab", "abb", "abbb"], text => Assert.True(Accepts(state, text)));
        Assert.False(Accepts(state, "a"));
        Assert.Same(Run(state, "ab"), Run(state, "ab"));
    }

    [Fact]
    public void Choice_CommonPrefixes_LeaveTheLiteralAlone()
    {
        var only = Literal("weather");
        var state = ChoiceState.Of(only, Literal("who"));

        Assert.Same(Run(only, "we"), Run(state, "we"));
        Assert.Equal(2, Run(state, "w")!.EndingLength);
        Assert.Null(state.Step((byte)'x'));
    }

    [Theory]
    [InlineData("so so </think>x", true)]
    [InlineData("</thi</think>x", true)]
    [InlineData("</think></think>x", false)]
    [InlineData("<</think>y", false)]
    [InlineData("thinking", false)]
    public void FreeText_OneMarker_ThenWhatFollows(string text, bool accepted) =>
        Assert.Equal(accepted, Accepts(Free(mayEnd: false, ("</think>", Literal("x"))), text));

    [Theory]
    [InlineData("abd!")]
    [InlineData("zabcbe?")]
    [InlineData("abcabd!")]
    public void FreeText_MarkersThatOverlap_FindsTheOneThatIsThere(string text) =>
        Assert.True(Accepts(Free(mayEnd: false, ("abd", Literal("!")), ("bcbe", Literal("?"))), text));

    [Fact]
    public void FreeText_MayEnd_AcceptsEverywhereButInACall()
    {
        var state = Free(mayEnd: true, ("<c>", Literal("}")));

        Assert.All(["", "text", "text <c", "<c>}"], text => Assert.True(Accepts(state, text)));
        Assert.False(Accepts(state, "text <c>"));
        Assert.Null(Run(state, "<c>{"));
    }

    [Fact]
    public void FreeText_ComesRoundAgain_RepeatsTheSameStates()
    {
        FreeTextState text = null!;
        text = FreeTextState.Until(true, (Bytes("<c>"), () => LiteralState.Of(Bytes("</c>"), () => text)));

        Assert.Same(text, Run(text, "a<c></c>"));
        Assert.True(Accepts(text, "a<c></c>b<c></c>"));
    }

    [Fact]
    public void WriteEnding_AnywhereOnRandomWalks_LeadsToAcceptance()
    {
        FreeTextState text = null!;
        text = FreeTextState.Until(true, (Bytes("<c>"), () => SequenceState.Of(ChoiceState.Of(Literal("a"), Literal("ab"), Literal("bcd")), LiteralState.Of(Bytes("</c>"), () => text))));
        var start = Free(mayEnd: false, ("</t>", text), ("<b", Literal("x")));
        var random = new Random(1);
        for (var walk = 0; walk < 500; walk++)
        {
            ConstraintState state = start;
            for (var step = 0; step < 40; step++)
            {
                var next = state.Step((byte)"<>/tcabdx"[random.Next(9)]);
                state = next ?? state;
                var ending = new ArrayBufferWriter<byte>();
                state.WriteEnding(ending);

                var end = Run(state, Encoding.UTF8.GetString(ending.WrittenSpan));
                Assert.True(end!.IsAccepting);
                Assert.Equal(ending.WrittenCount, state.EndingLength);
            }
        }
    }

    private static ConstraintState Literal(string text) => LiteralState.Of(Bytes(text), EndState.Instance);

    private static FreeTextState Free(bool mayEnd, params (string Marker, ConstraintState Then)[] markers) =>
        FreeTextState.Until(mayEnd, [.. markers.Select(marker => ((ReadOnlyMemory<byte>)Bytes(marker.Marker), (Func<ConstraintState>)(() => marker.Then)))]);

    private static bool Accepts(ConstraintState start, string text) => Run(start, text)?.IsAccepting == true;

    private static ConstraintState? Run(ConstraintState start, string text)
    {
        ConstraintState? state = start;
        foreach (var value in Bytes(text))
            state = state?.Step(value);
        return state;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
