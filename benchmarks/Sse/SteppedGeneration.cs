using System.Text;
using System.Threading.Channels;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;

namespace Penstock.Benchmarks.Sse;

/// <summary>One stream of a <see cref="StepSource"/>, over a channel like the engine's.</summary>
internal sealed class SteppedGeneration : IGeneration
{
    private static readonly byte[][] Words = [.. " the and of streams model token water answer \"quoted\" naïve\n".Split(' ').Skip(1).Select(word => Encoding.UTF8.GetBytes(" " + word))];

    private readonly Channel<GenerationEvent> events = Channel.CreateUnbounded<GenerationEvent>(new() { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource<GenerationSummary> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int said;

    public int PromptTokens => 1;

    public Task<GenerationSummary> Completion => completion.Task;

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => events.Reader.WaitToReadAsync(cancellationToken);

    public bool TryRead(out GenerationEvent item) => events.Reader.TryRead(out item);

    public void Say(int tokens)
    {
        for (var i = 0; i < tokens; i++)
            events.Writer.TryWrite(new() { Kind = GenerationEventKind.Text, Tokens = 1, Text = Words[said++ % Words.Length] });
    }

    public void End()
    {
        events.Writer.TryWrite(new() { Kind = GenerationEventKind.Finish, FinishReason = FinishReason.Length, FinishCause = FinishCause.Request });
        events.Writer.TryComplete();
        completion.TrySetResult(new GenerationSummary
        {
            Tokens = new TokenCounts { Prompt = 1, Prefilled = 1, Sampled = said },
            FinishReason = FinishReason.Length,
            FinishCause = FinishCause.Request,
            FinishPhase = RequestPhase.Decode,
        });
    }

    public void Cancel()
    {
        // Nobody leaves here.
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
