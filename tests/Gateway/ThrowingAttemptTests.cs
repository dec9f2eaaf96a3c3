using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Attempts;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

/// <summary>A target that throws behind a route: the next one is asked, or the reader is told; nobody waits for ever.</summary>
public sealed class ThrowingAttemptTests
{
    [Theory]
    [InlineData(ThrowsAt.Start)]
    [InlineData(ThrowsAt.FirstWait)]
    [InlineData(ThrowsAt.Read)]
    public async Task Attempt_ThrowsBeforeItsFirstEvent_TheNextTargetAnswers(ThrowsAt place)
    {
        var (events, summary) = await RunAsync(place, "spare");

        Assert.Equal("Hello", string.Concat(events.Select(item => System.Text.Encoding.UTF8.GetString(item.Text.Span))));
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Answered], [.. summary.Attempts.Select(row => row.Outcome).Distinct()]);
        Assert.Equal(FinishReason.Stop, summary.FinishReason);
    }

    [Theory]
    [InlineData(ThrowsAt.LaterWait)]
    [InlineData(ThrowsAt.Completion)]
    public async Task Attempt_ThrowsLater_TheReaderIsToldOrTheAccountIsAnEstimate(ThrowsAt place)
    {
        var (events, summary) = await RunAsync(place);

        Assert.Equal(place == ThrowsAt.LaterWait, events.Any(item => item.Error is not null));
        Assert.Equal(FinishReason.Error, summary.FinishReason);
        Assert.Single(summary.Attempts);
    }

    private static async Task<(List<GenerationEvent> Events, GenerationSummary Summary)> RunAsync(ThrowsAt place, params string[] others)
    {
        var broken = new TargetThatThrows(new ScriptedTarget(TimeProvider.System) { OnStart = Scripts.Hello }) { At = place };
        var spare = new ScriptedTarget(TimeProvider.System) { OnStart = Scripts.Hello };
        using var catalog = (await UpstreamCatalog.OpenAsync([], [new RouteOptions("best", ["broken", .. others])], TimeProvider.System, Routing.Attempts.RetryPolicy.Default with { RetriesOfATarget = 0 })).OrThrow();
        var target = catalog.Find("best", name => name == "broken" ? broken : spare)!;
        var request = new InferenceRequest { RequestId = "req", Tenant = "local", Kind = RequestKind.Chat, Model = "best", Messages = [new ChatMessage { Role = "user", Content = "Hi" }], Stream = true };
        await using var generation = target.Prepare(request).OrThrow().Start().OrThrow();
        var events = new List<GenerationEvent>();
        while (await generation.WaitToReadAsync(CancellationToken.None))
        {
            while (generation.TryRead(out var item))
            {
                events.Add(item);
            }
        }

        return (events, await generation.Completion.WaitAsync(TimeSpan.FromSeconds(60)));
    }
}
