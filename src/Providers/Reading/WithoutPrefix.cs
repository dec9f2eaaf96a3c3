using System.Text;
using Penstock.Contracts.Generation;

namespace Penstock.Providers.Reading;

/// <summary>
/// A generation whose text is known to have begun elsewhere: when it begins by repeating that, exactly and to its end, the repetition is left out. Text is held back as long
/// as it may be one; where it turns out to be none, nothing is left out.
/// </summary>
/// <param name="inner">The generation; owned.</param>
/// <param name="prefix">What may be repeated.</param>
public sealed class WithoutPrefix(IGeneration inner, string prefix) : IGeneration
{
    private readonly byte[] prefix = Encoding.UTF8.GetBytes(prefix);
    private readonly List<byte> held = [];
    private GenerationEvent? after;
    private bool settled;

    public int PromptTokens => inner.PromptTokens;

    public Task<GenerationSummary> Completion => inner.Completion;

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => after is null ? inner.WaitToReadAsync(cancellationToken) : new(true);

    public bool TryRead(out GenerationEvent item)
    {
        if (after is { } next)
        {
            (item, after) = (next, null);
            return true;
        }

        if (!inner.TryRead(out item))
        {
            return false;
        }

        if (settled)
        {
            return true;
        }

        item = item.Kind == GenerationEventKind.Text ? Trim(item) : Release(item);
        return true;
    }

    public void Cancel() => inner.Cancel();

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    // The event keeps its tokens, whatever becomes of its text.
    private GenerationEvent Trim(in GenerationEvent item)
    {
        held.AddRange(item.Text.Span);
        var text = held.ToArray();
        if (text.Length < prefix.Length && prefix.AsSpan().StartsWith(text))
        {
            return item with { Text = default };
        }

        settled = true;
        return item with { Text = text.AsSpan().StartsWith(prefix) ? text.AsMemory(prefix.Length) : text };
    }

    // What was held back is shown before anything else happens.
    private GenerationEvent Release(in GenerationEvent item)
    {
        settled = true;
        if (held.Count == 0)
        {
            return item;
        }

        after = item;
        return new GenerationEvent { Kind = GenerationEventKind.Text, Text = held.ToArray(), Timestamp = item.Timestamp };
    }
}
