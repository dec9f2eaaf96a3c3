using Penstock.Contracts.Generation;
using Penstock.Providers.Http;

namespace Penstock.Providers.Reading;

/// <summary>
/// A provider's answer whose bytes are in another form than the client's: its chunks are read into canonical events. The provider's tokens are those of the last event that a
/// chunk gives, so that the books stay the same.
/// </summary>
/// <param name="inner">Gives the provider's bytes.</param>
/// <param name="reader">Reads them.</param>
/// <param name="target">The target's name, for messages.</param>
internal sealed class ReadGeneration(IGeneration inner, IAnswerReader reader, string target) : IGeneration
{
    private readonly Queue<GenerationEvent> ready = new();
    private bool failed;

    public int PromptTokens => inner.PromptTokens;

    public Task<GenerationSummary> Completion => inner.Completion;

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => ready.Count > 0 ? new(true) : inner.WaitToReadAsync(cancellationToken);

    public bool TryRead(out GenerationEvent item)
    {
        while (!ready.TryDequeue(out item))
        {
            if (failed || !inner.TryRead(out var raw))
            {
                return false;
            }

            Take(raw);
        }

        return true;
    }

    public void Cancel() => inner.Cancel();

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Take(in GenerationEvent item)
    {
        if (item.Kind == GenerationEventKind.Error)
        {
            ready.Enqueue(item);
            return;
        }

        var events = new List<GenerationEvent>(2);
        if (!ProviderFrames.All(item.Wire, json => reader.TryRead(json, events)))
        {
            failed = true;
            inner.Cancel();
            ready.Enqueue(new GenerationEvent { Kind = GenerationEventKind.Error, Error = UpstreamErrors.Malformed(target, produced: true) });
            return;
        }

        if (events.Count == 0 && item.Tokens != 0)
        {
            events.Add(new GenerationEvent { Kind = GenerationEventKind.Text });
        }

        for (var index = 0; index < events.Count; index++)
        {
            ready.Enqueue(events[index] with { Tokens = index == events.Count - 1 ? item.Tokens : 0, Timestamp = item.Timestamp });
        }
    }
}
