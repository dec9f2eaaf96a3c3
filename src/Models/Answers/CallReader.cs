using System.Text;

namespace Penstock.Models.Answers;

/// <summary>Reads what follows a call's opening marker, as far as it has come.</summary>
internal sealed class CallReader
{
    private const int MostNameBytes = 256;

    private static readonly byte[] Arguments = "[ARGS]"u8.ToArray();
    private static readonly byte[] CallId = "[CALL_ID]"u8.ToArray();

    private JsonExtent extent;

    /// <summary>Forgets a call that was read in part.</summary>
    public void Reset() => extent = default;

    /// <summary>Reads one call, or an array of them.</summary>
    /// <param name="text">From after the opening marker on; longer with each try.</param>
    /// <param name="close">The closing marker; null where there is none.</param>
    /// <param name="opens">Opening markers: one of them may stand in the place of the closing one.</param>
    /// <param name="named">Whether the form <c>name[ARGS]{...}</c> is one.</param>
    /// <param name="onlyFor">Not null: calls of these functions only.</param>
    /// <param name="atEnd">No more text will come.</param>
    public CallReading Read(ReadOnlyMemory<byte> text, byte[]? close, byte[][] opens, bool named, IReadOnlySet<string>? onlyFor, bool atEnd)
    {
        var start = Bytes.SkipSpace(text.Span, 0);
        if (start == text.Length)
            return CallReading.Unfinished(atEnd);
        if (text.Span[start] is not ((byte)'{' or (byte)'['))
            return named ? ReadNamed(text, start, atEnd) : CallReading.NoCall;

        var length = extent.Scan(text.Span[start..]);
        if (length <= 0)
            return length == 0 ? CallReading.Unfinished(atEnd) : CallReading.NoCall;
        var end = start + length;
        if (close is not null && Close(text.Span, ref end, close, opens, atEnd) is { } missing)
            return missing;
        return CallJson.Read(text.Slice(start, length), onlyFor) is { } calls ? new CallReading(CallState.Whole, end, calls) : CallReading.NoCall;
    }

    // The closing marker, or the end of the answer, or the next call in its place.
    private static CallReading? Close(ReadOnlySpan<byte> text, ref int end, byte[] close, byte[][] opens, bool atEnd)
    {
        var rest = text[Bytes.SkipSpace(text, end)..];
        if (rest.StartsWith(close))
        {
            end = text.Length - rest.Length + close.Length;
            return null;
        }

        if (rest.IsEmpty || close.AsSpan().StartsWith(rest))
            return atEnd && rest.IsEmpty ? null : CallReading.Unfinished(atEnd);
        foreach (var open in opens)
        {
            if (rest.StartsWith(open))
                return null;
            if (!atEnd && open.AsSpan().StartsWith(rest))
                return CallReading.Unfinished(atEnd);
        }

        return CallReading.NoCall;
    }

    // Mistral: name[ARGS]{...} or name[CALL_ID]id[ARGS]{...}.
    private CallReading ReadNamed(ReadOnlyMemory<byte> text, int start, bool atEnd)
    {
        var span = text.Span;
        var nameEnd = EndOfWord(span, start);
        if (nameEnd == start || nameEnd - start > MostNameBytes)
            return CallReading.NoCall;
        var (at, idStart) = (nameEnd, -1);
        if (span[at..].StartsWith(CallId))
        {
            idStart = at + CallId.Length;
            at = EndOfWord(span, idStart);
        }

        var rest = span[at..];
        if (!rest.StartsWith(Arguments))
            return Arguments.AsSpan().StartsWith(rest) || (idStart < 0 && CallId.AsSpan().StartsWith(rest)) ? CallReading.Unfinished(atEnd) : CallReading.NoCall;

        var json = Bytes.SkipSpace(span, at + Arguments.Length);
        if (json == span.Length)
            return CallReading.Unfinished(atEnd);
        if (span[json] != '{')
            return CallReading.NoCall;
        var length = extent.Scan(span[json..]);
        if (length == 0)
            return CallReading.Unfinished(atEnd);
        if (length < 0 || CallJson.Object(text.Slice(json, length)) is not { } arguments)
            return CallReading.NoCall;
        var id = idStart < 0 ? null : Encoding.UTF8.GetString(span[idStart..at]);
        return new CallReading(CallState.Whole, json + length, [new WrittenCall(id, Encoding.UTF8.GetString(span[start..nameEnd]), arguments)]);
    }

    private static int EndOfWord(ReadOnlySpan<byte> text, int start)
    {
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit((char)text[end]) || text[end] is (byte)'_' or (byte)'-' or (byte)'.'))
            end++;
        return end;
    }
}
