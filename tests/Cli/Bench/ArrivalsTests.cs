using Penstock.Cli.Bench.Load;
using Penstock.Cli.Output;
using Penstock.Tests.Support;

namespace Penstock.Cli.Tests.Bench;

public sealed class ArrivalsTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Poisson_ManyArrivals_HaveTheRateAndTheSpreadOfOne()
    {
        var gaps = Gaps(Arrivals.Poisson(50_001, 25, 1, 1, seed: 7));

        // Mean and standard deviation of an exponential distribution are both 1/rate.
        Assert.Equal(0.04, gaps.Average(), 0.001);
        Assert.Equal(0.04, Math.Sqrt(gaps.Average(gap => (gap - 0.04) * (gap - 0.04))), 0.001);
    }

    [Fact]
    public void Poisson_SameSeed_IsTheSameAndAnotherIsNot()
    {
        Assert.Equal(Arrivals.Poisson(100, 5, 1, 1, seed: 7), Arrivals.Poisson(100, 5, 1, 1, seed: 7));
        Assert.NotEqual(Arrivals.Poisson(100, 5, 1, 1, seed: 7), Arrivals.Poisson(100, 5, 1, 1, seed: 8));
    }

    [Fact]
    public void Fixed_LongLoad_DoesNotDrift() => Assert.Equal(TimeSpan.FromSeconds(1000), Arrivals.Fixed(3001, 3, 1, 1)[3000].At);

    [Fact]
    public void Read_SimpleTrace_SortsAndStartsAtZero()
    {
        File.WriteAllText(file, "arrival_s,prompt_tokens,output_tokens\n12.5,30,4\n10,20,3\n");

        Assert.Equal([new Arrival(TimeSpan.Zero, 20, 3), new Arrival(TimeSpan.FromSeconds(1.25), 30, 4)], TraceFile.Read(file, null, speed: 2));
    }

    [Fact]
    public void Read_AzureTrace_HasItsFirstGap()
    {
        var trace = TraceFile.Read(TestData.Path("traces", "AzureLLMInferenceTrace_conv.csv"), 2, speed: 1);

        Assert.Equal([(374, 44), (396, 109)], trace.Select(arrival => (arrival.PromptTokens, arrival.OutputTokens)));
        Assert.Equal(4.314579, trace[1].At.TotalSeconds, 0.000001);
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "must begin")]
    [InlineData("arrival_s,prompt_tokens,output_tokens\n1,2,3\n1,2\n", "line 3")]
    [InlineData("arrival_s,prompt_tokens,output_tokens\nsoon,2,3\n", "line 2")]
    [InlineData("arrival_s,prompt_tokens,output_tokens\n1,0,3\n", "line 2")]
    [InlineData("arrival_s,prompt_tokens,output_tokens\n", "no requests")]
    public void Read_BadTrace_SaysWhere(string text, string complaint)
    {
        File.WriteAllText(file, text);

        Assert.Contains(complaint, Assert.Throws<CommandException>(() => TraceFile.Read(file, null, 1)).Message, StringComparison.Ordinal);
    }

    private static List<double> Gaps(IReadOnlyList<Arrival> arrivals) =>
        [.. arrivals.Zip(arrivals.Skip(1), (first, second) => (second.At - first.At).TotalSeconds)];
}
