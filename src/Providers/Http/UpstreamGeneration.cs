using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;

namespace Penstock.Providers.Http;

/// <summary>A generation by a provider: the call, its end and its books. What the answer's bytes mean is the subclass's business.</summary>
internal abstract class UpstreamGeneration : PulledGeneration
{
    private readonly int promptEstimate;
    private FinishReason reason = FinishReason.Stop;
    private PenstockError? failure;
    private bool ended;

    protected UpstreamGeneration(UpstreamConnection connection, string path, HttpContent body, int promptEstimate, TimeProvider time)
    {
        (this.promptEstimate, Time) = (promptEstimate, time);
        Tally = new UpstreamTally(promptEstimate, time);
        Call = new UpstreamCall(connection, path, body, time, Cancelled);
    }

    public override int PromptTokens => promptEstimate;

    protected UpstreamCall Call { get; }

    protected UpstreamTally Tally { get; }

    protected TimeProvider Time { get; }

    /// <summary>Whether the answer is whole.</summary>
    protected bool IsWhole => ended;

    /// <summary>Whether the answer is whole, or has failed.</summary>
    protected bool IsOver => ended || failure is not null;

    protected sealed override async ValueTask<GenerationEvent?> PullAsync()
    {
        if (IsOver)
        {
            return null;
        }

        try
        {
            return Call.Response is null && await Call.OpenAsync() is { } refusal ? Fail(refusal) : await ReadAsync();
        }
        catch (Exception) when (Cancelled.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            return Fail(UpstreamErrors.Cut(Call.Target, Tally.Produced));
        }
    }

    /// <summary>The whole body. One that breaks off has been produced, and likely billed, as far as it came.</summary>
    protected async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync()
    {
        var received = 0;
        try
        {
            return await AnswerBody.ReadAsync(Call.Response!, AnswerBody.LargestAnswer, Cancelled, bytes => received = bytes);
        }
        catch (Exception exception) when (received > 0 && exception is HttpRequestException or IOException && !Cancelled.IsCancellationRequested)
        {
            Tally.Count(TokenEstimate.OfBytes(received));
            throw;
        }
    }

    /// <summary>The last event: a whole body that is not in its own format. It was produced all the same.</summary>
    protected GenerationEvent FailMalformed(ReadOnlyMemory<byte> body)
    {
        Tally.Count(TokenEstimate.OfBytes(body.Length));
        return Fail(UpstreamErrors.Malformed(Call.Target, produced: true));
    }

    /// <summary>The next event of an answer with a good status; null at its end.</summary>
    protected abstract ValueTask<GenerationEvent?> ReadAsync();

    protected sealed override ValueTask<GenerationSummary> SummarizeAsync()
    {
        if (!ended)
        {
            Call.Close();
        }

        return new(failure is not null ? Tally.SummarizeFailure(failure)
            : !ended ? Tally.Summarize(FinishReason.Cancelled, FinishCause.Client)
            : Tally.Summarize(reason, reason == FinishReason.Length ? FinishCause.Request : FinishCause.Model));
    }

    protected override ValueTask ReleaseAsync()
    {
        Call.Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>The answer is whole.</summary>
    protected void End() => ended = true;

    /// <summary>A choice has ended. The generation as a whole ended as the worst of its choices.</summary>
    protected void ChoiceEnded(FinishReason how) => reason = how == FinishReason.Length ? how : reason;

    /// <summary>The last event: it failed.</summary>
    protected GenerationEvent Fail(PenstockError error)
    {
        failure = error;
        return new GenerationEvent { Kind = GenerationEventKind.Error, Error = error };
    }
}
