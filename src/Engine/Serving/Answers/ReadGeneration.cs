using Penstock.Contracts.Generation;

namespace Penstock.Engine.Serving.Answers;

/// <summary>A generation whose text is taken apart into thinking, text and tool calls on the way to its reader, off the engine's thread.</summary>
internal sealed class ReadGeneration : IGeneration
{
    private readonly IGeneration inner;
    private readonly ChoiceParts[] choices;
    private readonly Queue<GenerationEvent> ready = new();

    public ReadGeneration(IGeneration inner, AnswerReading reading)
    {
        this.inner = inner;
        choices = [.. Enumerable.Range(0, reading.Choices).Select(choice => new ChoiceParts(reading.Parser(), reading.RequestId, choice))];
    }

    public int PromptTokens => inner.PromptTokens;

    public Task<GenerationSummary> Completion => inner.Completion;

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => ready.Count > 0 ? new(true) : inner.WaitToReadAsync(cancellationToken);

    public bool TryRead(out GenerationEvent item)
    {
        while (!ready.TryDequeue(out item))
        {
            if (!inner.TryRead(out var raw))
                return false;
            Take(raw);
        }

        return true;
    }

    public void Cancel() => inner.Cancel();

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Take(in GenerationEvent item)
    {
        if (item.Kind != GenerationEventKind.Error)
        {
            choices[item.Choice].Take(item, ready);
            return;
        }

        // What was withheld is legitimate text. It is shown before the error is told.
        foreach (var choice in choices)
        {
            if (!choice.Done)
                choice.End(item.Timestamp, ready);
        }

        ready.Enqueue(item);
    }
}
