using System.Buffers;
using System.Text;

namespace Penstock.Models.Answers;

/// <summary>
/// Takes an answer apart as it arrives: thinking, text, tool calls. What it gives does not depend on how the text was cut, and nothing is taken
/// back: what may be a marker or a call is withheld until that is certain. A call that is malformed, or never ends, is text as the model wrote it.
/// </summary>
/// <remarks>White space around thinking and in front of calls belongs to the markers and is left out. One for each answer; not thread-safe.</remarks>
public sealed class AnswerParser
{
    private readonly AnswerSyntax syntax;
    private readonly IReadOnlySet<string> tools;
    private readonly byte[][] opens;
    private readonly byte[]?[] closes;
    private readonly SearchValues<byte> starts;
    private readonly CallReader reader = new();
    private readonly CallProgress? progress;
    private readonly ArrayBufferWriter<byte> pending = new();
    private readonly byte[]? think;
    private readonly byte[]? endOfThinking;
    private readonly byte[]? respond;
    private readonly byte[]? endOfResponse;
    private Stage stage;
    private bool thought;
    private bool responding;
    private bool bareAllowed;
    private bool afterCall;
    private int inCall;

    /// <param name="syntax">The model's.</param>
    /// <param name="startsThinking">Whether the prompt has opened the thinking already.</param>
    /// <param name="tools">Names of the declared tools; without any, nothing is taken for a call.</param>
    /// <param name="certain">Whether nothing but a call of one of them can follow a marker, or <see cref="BareBeginning"/>: then its name and its arguments are given as they come.</param>
    public AnswerParser(AnswerSyntax syntax, bool startsThinking, IReadOnlySet<string> tools, bool certain = false)
    {
        (this.syntax, this.tools, progress) = (syntax, tools, certain ? new CallProgress(tools) : null);
        var calls = tools.Count > 0 ? syntax.Calls : [];
        opens = [.. calls.Select(pair => Encoding.UTF8.GetBytes(pair.Open))];
        closes = [.. calls.Select(pair => pair.Close is { } close ? Encoding.UTF8.GetBytes(close) : null)];
        (think, endOfThinking) = Pair(syntax.Thinking);
        (respond, endOfResponse) = Pair(syntax.Response);
        starts = SearchValues.Create([.. opens.Append(endOfThinking).Append(endOfResponse).OfType<byte[]>().Select(marker => marker[0])]);
        bareAllowed = syntax.BareCalls && tools.Count > 0;
        stage = startsThinking ? Stage.Thinking : think is not null ? Stage.Beginning : Stage.Content;

        static (byte[]? Open, byte[]? Close) Pair(MarkerPair? pair) =>
            pair is null ? (null, null) : (Encoding.UTF8.GetBytes(pair.Open), Encoding.UTF8.GetBytes(pair.Close!));
    }

    private enum Stage
    {
        /// <summary>Nothing but white space so far: thinking may follow.</summary>
        Beginning,
        Thinking,

        /// <summary>Between thinking and text.</summary>
        Between,
        Content,
    }

    /// <summary>Bytes whose part is not certain yet.</summary>
    public int Withheld => pending.WrittenCount - (progress is { Begun: true } ? inCall + progress.Passed : 0);

    /// <summary>Whether a text goes through as it is, as one piece: then it need not be given to <see cref="Append"/>.</summary>
    /// <param name="part">What it is.</param>
    public bool PassesThrough(ReadOnlySpan<byte> text, out AnswerPart part)
    {
        part = stage == Stage.Thinking ? AnswerPart.Reasoning : AnswerPart.Content;
        var settled = stage == Stage.Content ? !bareAllowed : stage == Stage.Thinking && thought;
        if (!settled || pending.WrittenCount > 0 || text.IsEmpty || Bytes.IsSpace(text[^1]) || text.ContainsAny(starts))
            return false;
        afterCall = false;
        return true;
    }

    /// <summary>Takes in more of the answer.</summary>
    /// <param name="text">Whole characters.</param>
    /// <param name="pieces">Gets what is certain now.</param>
    public void Append(ReadOnlySpan<byte> text, ICollection<AnswerPiece> pieces)
    {
        pending.Write(text);
        Advance(pieces, atEnd: false);
    }

    /// <summary>Ends the answer.</summary>
    /// <param name="pieces">Gets what was withheld.</param>
    public void Finish(ICollection<AnswerPiece> pieces) => Advance(pieces, atEnd: true);

    private void Advance(ICollection<AnswerPiece> pieces, bool atEnd)
    {
        var rest = pending.WrittenMemory;
        while (true)
        {
            var (left, now) = (rest.Length, stage);
            rest = stage switch
            {
                Stage.Beginning => Begin(rest, atEnd),
                Stage.Thinking => Think(rest, pieces, atEnd),
                Stage.Between => LeaveThinking(rest, atEnd),
                _ => Speak(rest, pieces, atEnd),
            };
            if (rest.Length == left && stage == now)
                break;
        }

        if (rest.Length == pending.WrittenCount)
            return;
        var kept = rest.ToArray();
        pending.ResetWrittenCount();
        pending.Write(kept);
    }

    private ReadOnlyMemory<byte> Begin(ReadOnlyMemory<byte> text, bool atEnd)
    {
        var start = Bytes.SkipSpace(text.Span, 0);
        var rest = text.Span[start..];
        if (rest.StartsWith(think))
        {
            stage = Stage.Thinking;
            bareAllowed &= progress is null || start == 0;
            return text[(start + think!.Length)..];
        }

        if (atEnd || !think.AsSpan().StartsWith(rest))
            stage = Stage.Content;
        return text;
    }

    private ReadOnlyMemory<byte> Think(ReadOnlyMemory<byte> text, ICollection<AnswerPiece> pieces, bool atEnd)
    {
        if (!thought)
        {
            text = text[Bytes.SkipSpace(text.Span, 0)..];
            // A model whose prompt opens the thinking may open it once more.
            if (text.Span.StartsWith(think))
                return text[think!.Length..];
            if (!atEnd && think.AsSpan().StartsWith(text.Span))
                return text;
        }

        var end = text.Span.IndexOf(endOfThinking);
        var settled = end >= 0 ? end : atEnd ? text.Length : Bytes.LengthBefore(text.Span, endOfThinking);
        var shown = atEnd && end < 0 ? settled : Bytes.TrimmedLength(text.Span[..settled]);
        thought |= shown > 0;
        Say(AnswerPart.Reasoning, text[..shown], pieces);
        if (end < 0)
            return text[shown..];
        stage = Stage.Between;
        return text[(end + endOfThinking!.Length)..];
    }

    private ReadOnlyMemory<byte> LeaveThinking(ReadOnlyMemory<byte> text, bool atEnd)
    {
        var blanks = Bytes.SkipSpace(text.Span, 0);
        if (blanks == text.Length && bareAllowed && !atEnd)
            return text;
        bareAllowed &= progress is null || BareBeginning.IsLead(text.Span[..blanks]);
        text = text[blanks..];
        if (respond is not null && text.Span.StartsWith(respond))
        {
            responding = true;
            text = text[respond.Length..];
            text = text[Bytes.SkipSpace(text.Span, 0)..];
        }
        else if (!atEnd && (text.IsEmpty || respond.AsSpan().StartsWith(text.Span)))
        {
            return text;
        }

        if (!text.IsEmpty || atEnd)
            stage = Stage.Content;
        return text;
    }

    private ReadOnlyMemory<byte> Speak(ReadOnlyMemory<byte> text, ICollection<AnswerPiece> pieces, bool atEnd)
    {
        if (bareAllowed)
            return SpeakOrCall(text, pieces, atEnd);

        var (at, marker) = FirstMarker(text.Span, out var certain);
        if (marker < 0)
        {
            // White space in front of a call that may still come is withheld, and after a call left out where nothing follows.
            var shown = atEnd ? text.Length : opens.Length == 0 ? certain : Bytes.TrimmedLength(text.Span[..certain]);
            if (!(atEnd && afterCall && Bytes.TrimmedLength(text.Span) == 0))
                Say(AnswerPart.Content, text[..shown], pieces);
            return text[shown..];
        }

        if (marker == opens.Length)
        {
            responding = false;
            Say(AnswerPart.Content, text[..Bytes.TrimmedLength(text.Span[..at])], pieces);
            return text[(at + endOfResponse!.Length)..];
        }

        var spoken = Bytes.TrimmedLength(text.Span[..at]);
        Say(AnswerPart.Content, text[..spoken], pieces);
        text = text[spoken..];
        var inside = at - spoken + opens[marker].Length;
        return Call(text, inside, reader.Read(text[inside..], closes[marker], opens, syntax.Calls[marker].Open == AnswerSyntax.NamedCalls, onlyFor: null, atEnd), pieces);
    }

    // An answer that begins with a bracket may be a call without a marker, and so may what follows one.
    private ReadOnlyMemory<byte> SpeakOrCall(ReadOnlyMemory<byte> text, ICollection<AnswerPiece> pieces, bool atEnd)
    {
        var start = Bytes.SkipSpace(text.Span, 0);
        if (progress is { Begun: false } && !afterCall)
        {
            if (!atEnd && BareBeginning.MayFollow(text.Span))
                return text;
            if (!BareBeginning.Begins(text.Span))
                return SpeakOnly(text, pieces, atEnd);
        }

        if (afterCall && start < text.Length && text.Span[start] == ';')
            start = Bytes.SkipSpace(text.Span, start + 1);
        if (start == text.Length && !atEnd)
            return text;
        if (start == text.Length || text.Span[start] is not ((byte)'{' or (byte)'['))
            return SpeakOnly(text, pieces, atEnd);

        var reading = reader.Read(text[start..], close: null, opens, named: false, tools, atEnd);
        if (reading.State != CallState.NoCall || progress is { Begun: true })
            return Call(text, start, reading, pieces);

        reader.Reset();
        return SpeakOnly(text, pieces, atEnd);
    }

    private ReadOnlyMemory<byte> SpeakOnly(ReadOnlyMemory<byte> text, ICollection<AnswerPiece> pieces, bool atEnd)
    {
        bareAllowed = false;
        return Speak(text, pieces, atEnd);
    }

    private ReadOnlyMemory<byte> Call(ReadOnlyMemory<byte> text, int inside, CallReading reading, ICollection<AnswerPiece> pieces)
    {
        if (reading.State == CallState.Unfinished || (reading.State == CallState.NoCall && progress is { Begun: true }))
            progress?.Advance(text[inside..], pieces);
        if (reading.State == CallState.Unfinished)
        {
            inCall = inside;
            return text;
        }

        reader.Reset();
        if (progress is { Begun: true } && reading.State == CallState.NoCall)
        {
            // Broken off in the middle: what there is of it has been given.
            progress.Reset();
            return text[text.Length..];
        }

        if (reading.State == CallState.NoCall)
        {
            Say(AnswerPart.Content, text[..inside], pieces);
            return text[inside..];
        }

        Say(reading.Calls, pieces);
        // Where calls are certain, a call with a marker is followed by text or by another marker.
        (afterCall, bareAllowed) = (true, syntax.BareCalls && (bareAllowed || progress is null));
        return text[(inside + reading.Length)..];
    }

    // The first whole marker: its place and number (one more than all calls': the end of the response). And what cannot be the beginning of one.
    private (int At, int Marker) FirstMarker(ReadOnlySpan<byte> text, out int certain)
    {
        var (at, found) = (-1, -1);
        certain = text.Length;
        for (var marker = 0; marker <= opens.Length; marker++)
        {
            var bytes = marker < opens.Length ? opens[marker] : responding ? endOfResponse : null;
            if (bytes is null)
                continue;
            certain = Math.Min(certain, Bytes.LengthBefore(text, bytes));
            var place = text.IndexOf(bytes);
            if (place >= 0 && (at < 0 || place < at))
                (at, found) = (place, marker);
        }

        return (at, found);
    }

    private void Say(AnswerPart part, ReadOnlyMemory<byte> text, ICollection<AnswerPiece> pieces)
    {
        if (text.IsEmpty)
            return;
        pieces.Add(new AnswerPiece(part, text.ToArray(), null));
        afterCall &= part != AnswerPart.Content;
    }

    private void Say(IReadOnlyList<WrittenCall> calls, ICollection<AnswerPiece> pieces)
    {
        if (progress is not null)
        {
            progress.Finish(calls, pieces);
            return;
        }

        foreach (var call in calls)
            pieces.Add(new AnswerPiece(AnswerPart.Call, default, call));
    }
}
