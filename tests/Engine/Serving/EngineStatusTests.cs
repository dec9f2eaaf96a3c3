using Penstock.Contracts.Requests;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Serving;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Serving;

public sealed class EngineStatusTests
{
    [Fact]
    public async Task Status_AfterRequests_SaysWhatWasDoneAndForWhom()
    {
        var clock = new VirtualClock();
        await using var target = Requests.Target(
            new SimulatedRunner(new SimulatedRunnerOptions { VocabularySize = 258 }, clock),
            clock,
            new EngineOptions { Seed = 7, TenantWeights = new Dictionary<string, double> { ["acme"] = 2 } });

        await target.AnswerAsync(Requests.Completion("hello", 8) with { Tenant = "acme", IgnoreEndOfGeneration = true });
        await target.AnswerAsync(Requests.Completion("hello, at more length", 20) with { Terms = new ServiceTerms { Class = ServiceClass.Batch }, IgnoreEndOfGeneration = true });
        var status = target.Status;

        Assert.Equal(SchedulingPolicy.Fair, status.Policy);
        Assert.Equal(["local", "acme"], status.Tenants.Select(tenant => tenant.Name));
        Assert.Equal(2, status.Tenants[1].Weight);
        Assert.Equal(28, status.Stats.SampledTokens);
        Assert.True(status.LastStep is { DecodeRows: 1, PromptTokens: 0, PromptBudget: > 0 });
        Assert.True(status.LastStep.Duration > TimeSpan.Zero);
        Assert.Equal([0, 0, 0], status.RunningByClass);
        Assert.All(status.Tenants, tenant => Assert.Equal((0, 0L), (tenant.QueuedByClass.Sum(), tenant.OutstandingPromptTokens)));
        Assert.All(status.GapCauses, count => Assert.Equal(0, count));
    }
}
