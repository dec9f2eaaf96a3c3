using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Scheduling.Cost;
using Penstock.Planning.Costs;
using Penstock.Planning.Replay;
using Penstock.Planning.Traces;
using TestData = Penstock.Tests.Support.TestData;

namespace Penstock.Planning.Tests.Replay;

public sealed class ReplayerTests
{
    private static readonly CostProfile Small = new(new StepCoefficients(0.02, 2e-4, 2e-4, 1e-6, 0, 2e-6), 1600) { MaxRows = 256 };

    [Fact]
    public void Run_TwoRequests_TimesAreComputedByHand()
    {
        // Only prompt tokens (10 ms each) and decode steps (1 s) cost; the second request arrives when the first is done.
        var profile = new CostProfile(new StepCoefficients(0, 1, 0.01, 0, 0, 0), 320);
        TraceRequest[] trace = [new(5, "a", 20, 3), new(15, "b", 10, 1)];
        var report = Replayer.Run(trace, profile, new ReplayOptions { GapTarget = null });

        Assert.Equal((2, 30L, 4L, 4L), (report.Requests, report.PromptTokens, report.OutputTokens, report.Steps));
        Assert.Equal(0.2, report.TtftSByTenant["a"]!.Mean, 1e-6);
        Assert.Equal(0.1, report.TtftSByTenant["b"]!.P99, 1e-6);
        Assert.Equal(0.15, report.TtftS!.Mean, 1e-6);
        Assert.Equal(10.1, report.Seconds, 1e-6);
        Assert.Equal(4 / 10.1, report.OutputTokensPerS, 1e-6);
        Assert.Equal(34 / 10.1, report.TotalTokensPerS, 1e-6);
        Assert.Null(report.ServiceDifference);
    }

    [Fact]
    public void Run_RequestLargerThanTheKv_IsCountedAndLeftOut()
    {
        var report = Replayer.Run([new(0, "a", 10, 5), new(1, "b", 1600, 5)], Small, new ReplayOptions());
        Assert.Equal((1, 1), (report.Requests, report.Refused));
        Assert.Null(report.TtftSByTenant["b"]);
    }

    [Fact]
    public void Run_PromptsThatShareBlocks_ComputesThemOnce()
    {
        // 512 + 88 tokens, the first block of the second prompt as of the first; whole KV blocks of 16 are shared.
        TraceRequest[] trace = [new(0, "a", 600, 5, [1, 2]), new(100, "a", 600, 5, [1, 3]), new(200, "b", 600, 5, [1, 2])];
        var report = Replayer.Run(trace, Small, new ReplayOptions());
        Assert.Equal(512.0 / 1800, report.PrefixHitRate, 1e-9);
        Assert.Equal(1800 - 512, report.PromptTokensComputed);
    }

    [Theory]
    [InlineData(SchedulingPolicy.Fair)]
    [InlineData(SchedulingPolicy.FirstComeFirstServed)]
    [InlineData(SchedulingPolicy.Unchunked)]
    public void Run_AnyTrace_EverythingIsComputedOnceAndEnds(SchedulingPolicy policy) => Prop.ForAll(Seeds, seed =>
    {
        var trace = RandomTrace(seed, spread: 20);
        var report = Replay(trace, policy);
        Assert.Equal((trace.Length, 0), (report.Requests, report.Refused));
        Assert.Equal(trace.Sum(request => (long)request.PromptTokens), report.PromptTokens);
        Assert.Equal(report.PromptTokens, report.PromptTokensComputed + (long)Math.Round(report.PrefixHitRate * report.PromptTokens));
        Assert.Equal(trace.Sum(request => (long)request.OutputTokens), report.OutputTokens);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Fact]
    public void Run_SameTraceInAnyOrder_GivesTheSameReport() => Prop.ForAll(Seeds, seed =>
    {
        var trace = RandomTrace(seed, spread: 3);
        for (var i = 0; i < trace.Length; i++)
            trace[i] = trace[i] with { ArrivalSeconds = Math.Floor(trace[i].ArrivalSeconds) };
        var shuffled = trace.ToArray();
        new System.Random(seed).Shuffle(shuffled);
        Assert.Equal(Json(Replay(trace, SchedulingPolicy.Fair)), Json(Replay(shuffled, SchedulingPolicy.Fair)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));

    [Fact]
    public void Run_BackloggedTenants_FairnessCostsNoThroughputAndKeepsItsBound() => Prop.ForAll(Seeds, seed =>
    {
        var trace = RandomTrace(seed, spread: 0.1, requests: 250);
        var (fair, arrival) = (Replay(trace, SchedulingPolicy.Fair), Replay(trace, SchedulingPolicy.FirstComeFirstServed));

        // Theorem 4.4: 2 max(w_p x longest prompt, w_q x KV tokens).
        Assert.InRange(fair.BackloggedDifferenceMax!.Value, 0, 2 * Math.Max(trace.Max(request => request.PromptTokens), 2 * Small.KvTokens));

        // The total work is the same; the order of lengths decides how full the last steps are.
        Assert.InRange(fair.TotalTokensPerS / arrival.TotalTokensPerS, 0.95, 1.06);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Fact]
    public void Run_RealTraceOf27Tenants_HalvesTheDifferenceAtTheSameThroughput()
    {
        var (fair, arrival) = OnA10G("vtc-real-27-tenants.csv");
        Assert.Equal((1500, 27), (fair.Requests, fair.Tenants));
        Assert.InRange(fair.ServiceDifference!.Max / arrival.ServiceDifference!.Max, 0, 0.5);
        Assert.InRange(fair.TotalTokensPerS / arrival.TotalTokensPerS, 0.99, 1.1);
    }

    [Fact]
    public void Run_OverloadOfTwoTenants_DifferenceIsBoundedWhereFirstComeFirstServedGrows()
    {
        var (fair, arrival) = OnA10G("vtc-overload-2-tenants.csv");
        const double bound = 2 * 2 * 10_000;
        Assert.InRange(fair.AccumulatedDifference!.Max, 0, bound);
        Assert.InRange(fair.BackloggedDifferenceMax!.Value, 0, bound);
        Assert.True(arrival.AccumulatedDifference!.End > 5 * bound);
        Assert.Equal(arrival.Series.Select(point => point.Accumulated).Order(), arrival.Series.Select(point => point.Accumulated));
    }

    private static Arbitrary<int> Seeds => Gen.Choose(0, 100_000).ToArbitrary();

    private static (ReplayReport Fair, ReplayReport Arrival) OnA10G(string trace)
    {
        var profile = CostProfileReader.ReadFile(TestData.Path("vtc-cost-profile.json"));
        var requests = TraceReader.ReadFile(TestData.Path(trace)).ToArray();
        return (Replay(requests, SchedulingPolicy.Fair, profile), Replay(requests, SchedulingPolicy.FirstComeFirstServed, profile));
    }

    private static ReplayReport Replay(TraceRequest[] trace, SchedulingPolicy policy, CostProfile? profile = null) =>
        Replayer.Run(trace, profile ?? Small, new ReplayOptions { Policy = policy });

    private static TraceRequest[] RandomTrace(int seed, double spread, int requests = 60)
    {
        var random = new System.Random(seed);
        var tenants = random.Next(1, 5);
        return [.. Enumerable.Range(0, requests).Select(_ => new TraceRequest(
            random.NextDouble() * spread, $"t{random.Next(tenants) * random.Next(2)}", random.Next(1, 300), random.Next(1, 60)))];
    }

    private static string Json(ReplayReport report) => JsonSerializer.Serialize(report);
}
