using Penstock.Cli.Bench.Cancel;

namespace Penstock.Cli.Tests.Bench;

public class DeparturesTests
{
    private static readonly Departures Usual = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), 100);

    [Theory]
    [InlineData(nameof(CancelPhase.Queued), true, 0.5, 3)]
    [InlineData(nameof(CancelPhase.Prefill), true, 2, 8)]
    [InlineData(nameof(CancelPhase.Prefill), false, 2, 8)]
    [InlineData(nameof(CancelPhase.FirstToken), true, 8, 10)]
    [InlineData(nameof(CancelPhase.Decode), false, 12, 22)]
    public void Next_PhaseByTime_LiesWithinThePhase(string phase, bool stream, double from, double to)
    {
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
            Assert.InRange(Usual.Next(Enum.Parse<CancelPhase>(phase), stream, random).After!.Value.TotalSeconds, from, to);
    }

    [Fact]
    public void Next_StreamInDecode_LeavesAtARandomTokenOfTheFirstHalf()
    {
        var random = new Random(5);
        var tokens = Enumerable.Range(0, 500).Select(_ => Usual.Next(CancelPhase.Decode, stream: true, random).AtToken!.Value).ToList();

        Assert.Equal((2, 49), (tokens.Min(), tokens.Max()));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(2)]
    public void Next_ShortAnswer_StillLeaves(int outputTokens) =>
        Assert.InRange((Usual with { OutputTokens = outputTokens }).Next(CancelPhase.Decode, stream: true, new Random(1)).AtToken!.Value, 2, 4);
}
