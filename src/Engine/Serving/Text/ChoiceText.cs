using System.Text;
using Penstock.Contracts.Generation;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Serving.Text;

/// <summary>
/// Makes one choice's visible text of its tokens: whole characters only, nothing of a stop string, and nothing that would have
/// to be taken back. What may still become a stop string is withheld, the longest such suffix, and released once it cannot.
/// </summary>
/// <remarks>
/// The text ends before the first stop string to be completed, byte by byte; of those completed by the same byte the longest
/// counts. So where tokens begin and end makes no difference. A token is released as soon as one of its bytes is shown (one
/// without bytes: as soon as all text before it is), and trimmed when a stop string swallows all of it.
/// </remarks>
internal sealed class ChoiceText
{
    private readonly StreamingDetokenizer detokenizer;
    private readonly TextArena arena;
    private readonly StopPatterns stops;
    private readonly bool wantsLogProbs;
    private readonly TokenQueue tokens = new();
    private readonly int[] matched;
    private byte[] pending;
    private int pendingBytes;
    private long shown;
    private long counted;
    private int characters;

    public ChoiceText(ITokenizer tokenizer, TextArena arena, StopPatterns stops, bool startsText, bool wantsLogProbs, IReadOnlySet<int>? shown = null)
    {
        (this.arena, this.stops, this.wantsLogProbs) = (arena, stops, wantsLogProbs);
        detokenizer = new StreamingDetokenizer(tokenizer, startsText, shown: shown);
        matched = new int[stops.Count];
        pending = new byte[stops.Count == 0 ? 16 : stops.Longest + 256];
    }

    /// <summary>Tokens whose text is withheld or incomplete.</summary>
    public int WithheldTokens => tokens.Count;

    /// <summary>Tokens that a stop string swallowed.</summary>
    public int TrimmedTokens { get; private set; }

    /// <summary>The stop string that ended the text; null where none has.</summary>
    public string? StopText { get; private set; }

    /// <summary>Takes in a token.</summary>
    public TextRelease Append(int token, TokenLogProb? logProb)
    {
        tokens.Add(shown + pendingBytes, logProb);
        var most = detokenizer.MaxBytes(token);
        if (stops.Count > 0)
        {
            Room(most);
            return Match(detokenizer.Write(token, pending.AsSpan(pendingBytes)));
        }

        var text = arena.Commit(detokenizer.Write(token, arena.Reserve(most)));
        shown += text.Length;
        return Release(text, stopped: false);
    }

    /// <summary>Ends the text: shows what was withheld, with an incomplete character replaced. A stop string may still be completed by that.</summary>
    public TextRelease Finish()
    {
        Room(9);
        var last = Match(detokenizer.Flush(pending.AsSpan(pendingBytes)));
        if (last.Stopped)
            return last;

        // Two pieces may be due: what the flush made certain and what only the end makes certain.
        var rest = Show(pendingBytes);
        var text = last.Text.Length == 0 ? rest : arena.Append([.. last.Text.Span, .. rest.Span]);
        var release = Release(text, stopped: false, atEnd: true);
        return release with { Tokens = last.Tokens + release.Tokens, LogProbs = Join(last.LogProbs, release.LogProbs) };
    }

    private TextRelease Match(int written)
    {
        var withheld = 0;
        for (var i = pendingBytes; i < pendingBytes + written; i++)
        {
            var stop = stops.Advance(matched, pending[i], out withheld);
            if (stop > 0)
                return Stop(i + 1 - stop, stop);
        }

        pendingBytes += written;
        if (written == 0)
            return Release(default, stopped: false);

        return Release(Show(pendingBytes - withheld), stopped: false);
    }

    private TextRelease Stop(int visible, int length)
    {
        StopText = Encoding.UTF8.GetString(pending, visible, length);
        var release = Release(Show(visible), stopped: true);
        TrimmedTokens += tokens.Count;
        tokens.Clear();
        pendingBytes = 0;
        return release;
    }

    private ReadOnlyMemory<byte> Show(int bytes)
    {
        var text = arena.Append(pending.AsSpan(0, bytes));
        pending.AsSpan(bytes, pendingBytes < bytes ? 0 : pendingBytes - bytes).CopyTo(pending);
        pendingBytes = Math.Max(0, pendingBytes - bytes);
        shown += bytes;
        return text;
    }

    private TextRelease Release(ReadOnlyMemory<byte> text, bool stopped, bool atEnd = false)
    {
        // Nothing is withheld: a token without bytes of its own is settled too.
        var settled = atEnd || (!stopped && pendingBytes == 0 && detokenizer.HeldBytes == 0);
        List<TokenLogProb>? logProbs = wantsLogProbs ? [] : null;
        var count = 0;
        for (; tokens.Count > 0 && (settled || tokens.FirstStart < shown); count++)
        {
            var start = tokens.FirstStart;
            if (tokens.Take() is { } logProb)
                logProbs?.Add(logProb with { TextOffset = CharactersBefore(start, text.Span) });
        }

        if (wantsLogProbs)
            CharactersBefore(shown, text.Span);
        return new TextRelease(text, count, logProbs, stopped);
    }

    /// <summary>Counts on to the byte offset <paramref name="start"/>; <paramref name="text"/> is what was shown last.</summary>
    private int CharactersBefore(long start, ReadOnlySpan<byte> text)
    {
        var before = shown - text.Length;
        foreach (var value in text[(int)(counted - before)..(int)(start - before)])
            characters += (value & 0xC0) == 0x80 ? 0 : 1;
        counted = start;
        return characters;
    }

    private void Room(int bytes)
    {
        if (pending.Length - pendingBytes < bytes)
            Array.Resize(ref pending, pendingBytes + (2 * bytes));
    }

    private static List<TokenLogProb>? Join(IReadOnlyList<TokenLogProb>? first, IReadOnlyList<TokenLogProb>? second) =>
        first is null || second is null ? null : [.. first, .. second];
}
