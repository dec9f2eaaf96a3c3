using Penstock.Contracts.Requests;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Scheduling.Order;

namespace Penstock.Engine.Tests.Scheduling;

public sealed class FairOrderTests
{
    [Fact]
    public void Plan_ShortPromptOfAnotherTenant_OvertakesAStartedLongOne()
    {
        using var scene = new Scene(new SchedulerOptions { GapTarget = TimeSpan.FromMilliseconds(100) }, blocks: 1000);
        var lengthy = scene.Submit("a", 8000, 10);
        scene.Until(() => lengthy.Prefilled > 500);
        var brief = scene.Submit("b", 30, 10);
        Assert.True(scene.Until(() => brief.State == SequenceGroupState.Decoding) <= 5);
        Assert.True(lengthy.Prefilled < 1000);
        scene.Until(() => lengthy.State == SequenceGroupState.Ended);
    }

    [Fact]
    public void Plan_SameTenant_PriorityThenDeadlineThenArrival()
    {
        using var scene = new Scene(sequences: 1);
        var running = scene.Submit("a", 10, 5);
        scene.Step();
        var last = scene.Submit("a", 10, 2);
        var urgent = scene.Submit("a", 10, 2, deadline: scene.Now + 10_000_000_000);
        var first = scene.Submit("a", 10, 2, priority: -1);
        var order = new List<SequenceGroup>();
        while (!scene.Scheduler.Idle)
            order.AddRange(scene.Step().Except([running, .. order]));
        Assert.Equal([first, urgent, last], order);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(5, 2)]
    public void Plan_BackloggedTenants_ServiceDiffersByABoundForEver(double weightA, double weightB)
    {
        // The bound of the paper's theorem 4.4 for the counters: 2 max(w_p x longest prompt, w_q x KV tokens).
        var options = new SchedulerOptions { GapTarget = TimeSpan.FromMilliseconds(100) };
        using var scene = new Scene(options, blocks: 40, sequences: 6, weights: new Dictionary<string, double> { ["a"] = weightA, ["b"] = weightB });
        var (a, b) = (scene.Tenant("a"), scene.Tenant("b"));
        var bound = 2 * Math.Max(200, 2 * 40 * 16);
        var (random, worst) = (new Random(1), 0.0);
        for (var step = 0; step < 6000; step++)
        {
            while (a.Contending < 4)
                scene.Submit("a", random.Next(1, 200), random.Next(1, 60));
            while (b.Contending < 2)
                scene.Submit("b", random.Next(1, 20), random.Next(1, 200));
            scene.Step();
            worst = Math.Max(worst, Math.Abs(a.Service - b.Service) * Math.Min(weightA, weightB));
        }

        Assert.InRange(worst, 0, bound);
        Assert.True(a.Service * Math.Min(weightA, weightB) > 5 * bound, "Too little was served for the test to mean anything.");
    }

    [Fact]
    public void Age_BacklogOfAFlood_DoesNotOvertakeOtherTenants()
    {
        var second = TimeSpan.FromSeconds(1);
        using var scene = new Scene(new SchedulerOptions { Patience = new ClassPatience(second, second, second) }, sequences: 2);
        for (var i = 0; i < 300; i++)
            scene.Submit("flood", 50, 20);
        while (scene.Now < TimeSpan.TicksPerSecond * 30)
        {
            var other = scene.Submit("b", 20, 5);
            scene.Until(() => other.State == SequenceGroupState.Ended, most: 60);
        }

        Assert.True(scene.Tenant("flood").Service > 1000);
    }

    [Fact]
    public void Age_LowPriorityOfAServedClass_GoesFirstInsideItsTenant()
    {
        var second = TimeSpan.FromSeconds(1);
        using var scene = new Scene(new SchedulerOptions { Patience = new ClassPatience(second, second, second) }, sequences: 1);
        var low = scene.Submit("a", 20, 5, priority: 9);
        scene.Until(() =>
        {
            while (scene.Scheduler.Waiting < 4)
                scene.Submit("a", 20, 5);
            return low.State == SequenceGroupState.Ended;
        });
        Assert.Equal(ServiceClass.Standard, low.Class);
    }

    [Fact]
    public void Submit_BackFromIdle_IsLiftedAndSavesUpNothing()
    {
        using var scene = new Scene(sequences: 2);
        scene.Submit("idle", 10, 2);
        scene.Until(() => scene.Scheduler.Idle);
        for (var i = 0; i < 40; i++)
            scene.Submit("busy", 50, 10);
        scene.Until(() => scene.Tenant("busy").Service > 1000);
        scene.Submit("idle", 10, 2);
        Assert.InRange(scene.Tenant("idle").Service, scene.Tenant("busy").Service - 1, scene.Tenant("busy").Service);
    }

    [Fact]
    public void End_Cancelled_WhatWasComputedStaysCharged()
    {
        using var scene = new Scene();
        var group = scene.Submit("a", 40, 20);
        scene.Step();
        scene.Step();
        var charged = scene.Tenant("a").Service;
        Assert.Equal(40 + (2 * 2), charged);
        scene.Scheduler.End(group);
        Assert.Equal(charged, scene.Tenant("a").Service);
    }

    [Fact]
    public void Plan_BatchBesideStreams_DecodesInWhatIsLeftOverAndYieldsWithinAStep()
    {
        using var scene = new Scene(new SchedulerOptions { GapTarget = TimeSpan.FromMilliseconds(40) }, sequences: 16, blocks: 1200);
        var batch = Enumerable.Range(0, 8).Select(_ => scene.Submit("b", 20, 2000, ServiceClass.Batch)).ToArray();
        scene.Until(() => batch.All(group => group.State == SequenceGroupState.Decoding));
        for (var i = 0; i < 30; i++)
            scene.Step();
        var stream = scene.Submit("a", 20, 200, ServiceClass.Interactive);
        Assert.Contains(stream, scene.Step());
        scene.Until(() => stream.State == SequenceGroupState.Decoding);
        var turns = new int[8];
        for (var i = 0; i < 100; i++)
        {
            var groups = scene.Step();
            Assert.Contains(stream, groups);
            Assert.InRange(groups.Length, 2, 8);
            Assert.True(scene.LastStep < TimeSpan.FromMilliseconds(44), $"{scene.LastStep.TotalMilliseconds} ms");
            for (var j = 0; j < 8; j++)
                turns[j] += groups.Contains(batch[j]) ? 1 : 0;
        }

        Assert.All(turns, count => Assert.True(count > 20));
        Assert.True(scene.Scheduler.Preemptions == 0);
    }

    [Fact]
    public void Forecast_BurstOfOneTenant_PutsOffItsOwnRequestsOnly()
    {
        using var scene = new Scene(new SchedulerOptions { GapTarget = TimeSpan.FromMilliseconds(100) }, blocks: 2000);
        for (var i = 0; i < 6; i++)
            scene.Submit("a", 300, 3);
        scene.Until(() => scene.Scheduler.Idle);
        for (var i = 0; i < 200; i++)
            scene.Submit("a", 300, 3);
        for (var i = 0; i < 20; i++)
            scene.Step();
        var forecast = scene.Scheduler.Forecast;
        Assert.True(forecast.Known);
        var (own, other) = (forecast.TimeToFirstToken(scene.Tenant("a"), ServiceClass.Standard, 100, scene.Tenants), forecast.TimeToFirstToken(scene.Tenant("b"), ServiceClass.Standard, 100, scene.Tenants));
        var alone = forecast.Alone(scene.Tenant("b"), 100);
        Assert.InRange(other, alone, 3 * alone);
        Assert.True(own > 50 * other, $"{own} s, {other} s");

        // What was foreseen is about what comes.
        var group = scene.Submit("b", 100, 3);
        var start = scene.Now;
        scene.Until(() => group.State == SequenceGroupState.Decoding);
        Assert.InRange((scene.Now - start) / (double)TimeSpan.TicksPerSecond, 0.3 * other, 3 * other);
    }
}
