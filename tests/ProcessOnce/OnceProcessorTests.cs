namespace Penstock.ProcessOnce.Tests;

/// <summary>What a delivery comes to, whatever happens on its way.</summary>
public sealed class OnceProcessorTests
{
    private readonly MemoryInbox inbox = new();
    private readonly List<string> keys = [];
    private GatewayVerdict verdict = GatewayVerdict.Decided;

    [Fact]
    public async Task Process_AnEventTwice_IsAppliedOnceAndAskedOnce()
    {
        Assert.Equal(Processed.Applied, await DeliverAsync("e"));
        Assert.Equal(Processed.Duplicate, await DeliverAsync("e"));

        Assert.Equal(["e: yes"], inbox.Lines);
        Assert.Single(keys);
    }

    [Fact]
    public async Task Process_ADuplicateThatTheLookMissed_IsStoppedByTheTransaction()
    {
        inbox.LooksAreLate = true;

        Assert.Equal(Processed.Applied, await DeliverAsync("e"));
        Assert.Equal(Processed.Duplicate, await DeliverAsync("e"));

        Assert.Equal(["e: yes"], inbox.Lines);
        Assert.Equal(2, keys.Count);
        Assert.Single(keys.Distinct());
    }

    [Theory]
    [InlineData(GatewayVerdict.Refused, Processed.Poison)]
    [InlineData(GatewayVerdict.Undecided, Processed.TryAgain)]
    public async Task Process_WithoutADecision_AppliesNothing(GatewayVerdict said, Processed becomes)
    {
        verdict = said;

        Assert.Equal(becomes, await DeliverAsync("e"));

        Assert.Empty(inbox.Lines);
        verdict = GatewayVerdict.Decided;
        Assert.Equal(Processed.Applied, await DeliverAsync("e"));
    }

    [Theory]
    [InlineData(ProcessingStep.Received)]
    [InlineData(ProcessingStep.Asking)]
    [InlineData(ProcessingStep.Decided)]
    [InlineData(ProcessingStep.Applied)]
    [InlineData(ProcessingStep.Committed)]
    public async Task Process_ThatDiesAtAnyStep_IsFinishedByTheNextDelivery(ProcessingStep at)
    {
        await Assert.ThrowsAsync<IOException>(() => DeliverAsync("e", step => step == at ? throw new IOException("planted") : Task.CompletedTask));

        var next = await DeliverAsync("e");

        Assert.Equal(at == ProcessingStep.Committed ? Processed.Duplicate : Processed.Applied, next);
        Assert.Equal(["e: yes"], inbox.Lines);
        Assert.Single(keys.Distinct());
    }

    [Fact]
    public void Of_ConsumersAndEventsThatRunIntoEachOther_AreDifferentKeys()
    {
        string[] made = [EventKey.Of("ab", "c"), EventKey.Of("a", "bc"), EventKey.Of("ab", "d"), EventKey.Of("1:a", "b")];

        Assert.Equal(4, made.Distinct().Count());
        Assert.Equal(made[0], EventKey.Of("ab", "c"));
        Assert.All(made, key => Assert.Equal(69, key.Length));
    }

    private Task<Processed> DeliverAsync(string eventId, Func<ProcessingStep, Task>? onStep = null) =>
        new OnceProcessor<List<string>>("test", inbox) { OnStep = onStep ?? (_ => Task.CompletedTask) }.ProcessAsync(
            eventId,
            (key, _) =>
            {
                keys.Add(key);
                return Task.FromResult(new GatewayAnswer(verdict, "yes"));
            },
            (transaction, answer) =>
            {
                transaction.Add($"{eventId}: {answer}");
                return Task.CompletedTask;
            },
            CancellationToken.None);
}
