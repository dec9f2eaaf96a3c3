using System.Text;
using System.Threading.Channels;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Tests.Fakes;

/// <summary>A generation that says what the test tells it to, and that keeps honest counts.</summary>
internal sealed class ScriptedGeneration(TimeProvider time, int promptTokens, InferenceRequest request) : IGeneration
{
    private readonly Channel<GenerationEvent> events = Channel.CreateUnbounded<GenerationEvent>();
    private readonly TaskCompletionSource<GenerationSummary> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private RequestPhase phase = RequestPhase.Schedule;
    private int sampled;
    private long scheduledAt;
    private long firstTokenAt;
    private bool ended;

    public InferenceRequest Request => request;

    public int PromptTokens => promptTokens;

    public Task<GenerationSummary> Completion => completion.Task;

    /// <summary>Completes when somebody has cancelled it.</summary>
    public Task Cancelled => cancelled.Task;

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => events.Reader.WaitToReadAsync(cancellationToken);

    public bool TryRead(out GenerationEvent item) => events.Reader.TryRead(out item);

    public void Prefill()
    {
        phase = RequestPhase.Prefill;
        scheduledAt = time.GetTimestamp();
    }

    public void Say(string text, int choice = 0, int tokens = 1, IReadOnlyList<TokenLogProb>? logProbs = null) =>
        Emit(new() { Kind = GenerationEventKind.Text, Choice = choice, Tokens = tokens, Text = Encoding.UTF8.GetBytes(text), LogProbs = logProbs });

    public void Think(string text) => Emit(new() { Kind = GenerationEventKind.Reasoning, Tokens = 1, Text = Encoding.UTF8.GetBytes(text) });

    public void Call(ToolCall call) => Emit(new() { Kind = GenerationEventKind.ToolCall, Tokens = 1, Call = call });

    /// <summary>More of the last call's arguments.</summary>
    public void GoOn(string arguments) => Emit(new() { Kind = GenerationEventKind.ToolCall, Tokens = 1, Text = Encoding.UTF8.GetBytes(arguments) });

    private void Emit(GenerationEvent item)
    {
        lock (gate)
        {
            if (ended)
            {
                return;
            }

            if (scheduledAt == 0)
            {
                Prefill();
            }

            phase = RequestPhase.Decode;
            firstTokenAt = firstTokenAt == 0 ? time.GetTimestamp() : firstTokenAt;
            sampled += item.Tokens;
            events.Writer.TryWrite(item);
        }
    }

    /// <summary>Samples a token that is held back, so that it never leaves the engine.</summary>
    public void HoldBack()
    {
        lock (gate)
        {
            sampled++;
        }
    }

    public void FinishChoice(int choice = 0, FinishReason reason = FinishReason.Stop, string? stopText = null)
    {
        lock (gate)
        {
            sampled++;
            events.Writer.TryWrite(new() { Kind = GenerationEventKind.Finish, Choice = choice, Tokens = 1, FinishReason = reason, FinishCause = FinishCause.Model, StopText = stopText });
        }
    }

    /// <summary>Ends the generation well.</summary>
    public void End(FinishReason reason = FinishReason.Stop) => End(reason, FinishCause.Model);

    public void Fail(PenstockError error)
    {
        events.Writer.TryWrite(new() { Kind = GenerationEventKind.Error, Error = error });
        End(FinishReason.Error, FinishCause.Server);
    }

    public void Cancel()
    {
        cancelled.TrySetResult();
        End(FinishReason.Cancelled, FinishCause.Client);
    }

    public ValueTask DisposeAsync()
    {
        Cancel();
        return ValueTask.CompletedTask;
    }

    private void End(FinishReason reason, FinishCause cause)
    {
        lock (gate)
        {
            if (ended)
            {
                return;
            }

            ended = true;
        }

        var reached = scheduledAt != 0;
        completion.TrySetResult(new GenerationSummary
        {
            Tokens = new TokenCounts { Prompt = promptTokens, Prefilled = reached ? promptTokens : 0, NotReached = reached ? 0 : promptTokens, Sampled = sampled },
            ScheduledAt = scheduledAt,
            FirstTokenAt = firstTokenAt,
            EndedAt = time.GetTimestamp(),
            FinishReason = reason,
            FinishCause = cause,
            FinishPhase = phase,
        });
        events.Writer.TryComplete();
    }
}
