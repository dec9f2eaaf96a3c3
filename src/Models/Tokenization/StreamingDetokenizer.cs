using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Penstock.Models.Tokenization;

/// <summary>
/// Turns tokens, one at a time, into whole UTF-8 characters. A character that is split over tokens is held back until its last
/// byte has come; bytes that cannot become a character any more are replaced by U+FFFD, one for each maximal subpart (Unicode
/// 16, section 3.9, and what WHATWG's decoder does). So the output is always valid UTF-8 and nothing is ever taken back.
/// One for each line of text; not thread-safe; allocates nothing after construction.
/// </summary>
public sealed class StreamingDetokenizer
{
    /// <summary>A held back character has at most three bytes; all of them may turn out to be invalid, with three bytes of U+FFFD for each.</summary>
    private const int LongestRelease = 3 * 3;

    private readonly ITokenizer tokenizer;
    private readonly bool special;
    private readonly IReadOnlySet<int>? shown;
    private CharacterBytes held;
    private int heldCount;
    private bool stripSpace;

    /// <summary>Starts a text.</summary>
    /// <param name="tokenizer">Whose tokens.</param>
    /// <param name="startsText">
    /// Whether the first token begins a text of its own, so that a SentencePiece vocabulary's leading space is dropped
    /// (<see cref="ITokenizer.StripsLeadingSpace"/>). False when the tokens continue a text, as in a plain completion.
    /// </param>
    /// <param name="special">Whether control tokens are written out.</param>
    /// <param name="shown">Control tokens that are written out in any case; null: none.</param>
    public StreamingDetokenizer(ITokenizer tokenizer, bool startsText, bool special = false, IReadOnlySet<int>? shown = null)
    {
        this.shown = shown;
        this.tokenizer = tokenizer;
        this.special = special;
        stripSpace = startsText && tokenizer.StripsLeadingSpace;
    }

    /// <summary>Bytes that wait for the rest of their character: 0 to 3.</summary>
    public int HeldBytes => heldCount;

    /// <summary>Upper bound of what <see cref="Write(int, Span{byte})"/> gives for this token: every byte may become a U+FFFD.</summary>
    public int MaxBytes(int token) => LongestRelease + (3 * Bytes(token).Length);

    /// <summary>Appends one token.</summary>
    /// <param name="token">A token id of the vocabulary.</param>
    /// <param name="destination">At least <see cref="MaxBytes"/> long.</param>
    /// <returns>Bytes written: whole characters; 0 when the token only began one.</returns>
    public int Write(int token, Span<byte> destination)
    {
        var bytes = Bytes(token);
        if (stripSpace)
        {
            stripSpace = false;
            bytes = bytes is [(byte)' ', ..] ? bytes[1..] : bytes;
        }

        if (heldCount == 0 && Utf8.IsValid(bytes))
        {
            bytes.CopyTo(destination);
            return bytes.Length;
        }

        var written = 0;
        foreach (var value in bytes)
        {
            held[heldCount++] = value;
            written += Release(destination[written..], atEnd: false);
        }

        return written;
    }

    /// <summary>Appends one token, writing to a buffer writer.</summary>
    /// <inheritdoc cref="Write(int, Span{byte})"/>
    public int Write(int token, IBufferWriter<byte> destination)
    {
        var written = Write(token, destination.GetSpan(MaxBytes(token)));
        destination.Advance(written);
        return written;
    }

    /// <summary>Ends the text: what is still held back will not become whole and is replaced.</summary>
    /// <param name="destination">At least 9 bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Flush(Span<byte> destination) => Release(destination, atEnd: true);

    private ReadOnlySpan<byte> Bytes(int token) => tokenizer.Bytes(token, special || shown?.Contains(token) == true);

    private int Release(Span<byte> destination, bool atEnd)
    {
        var written = 0;
        Span<byte> bytes = held;
        while (heldCount > 0)
        {
            var status = Rune.DecodeFromUtf8(bytes[..heldCount], out var rune, out var consumed);
            if (status == OperationStatus.NeedMoreData && !atEnd)
                break;
            written += rune.EncodeToUtf8(destination[written..]);
            bytes[consumed..heldCount].CopyTo(bytes);
            heldCount -= consumed;
        }

        return written;
    }

    [InlineArray(4)]
    private struct CharacterBytes
    {
        private byte first;
    }
}
