using System.Buffers;
using System.Text;
using Penstock.Models.Tokenization;

namespace Penstock.Constraints.Masks;

/// <summary>
/// Finds the bytes that must follow a state, and the tokens that the model's own tokenizer would make of them after the last token. Scratch of one thread.
/// </summary>
internal sealed class ForcedText(VocabularyTrie vocabulary)
{
    /// <summary>Bytes looked ahead; a longer run goes on with the next look.</summary>
    private const int MostBytes = 256;

    /// <summary>
    /// What may follow the run: a tokenizer looks beyond a word's end, so only tokens that come out alike in front of all of these are sure.
    /// </summary>
    private static readonly string[] Continuations = ["", "a", "A", "1", " ", "\"", "_", ".", "é"];

    private readonly ITokenizer tokenizer = vocabulary.Tokenizer;
    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly List<int> tokens = [];
    private readonly List<int> others = [];

    /// <summary>The bytes that must follow; none where there is a choice, or the text may end.</summary>
    public byte[] Bytes(ConstraintState state)
    {
        bytes.ResetWrittenCount();
        for (var at = state; bytes.WrittenCount < MostBytes && !at.IsAccepting && OnlyStep(at, out var value) is { } next; at = next)
            bytes.Write([value]);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The tokens that are sure to come of forced bytes.</summary>
    /// <param name="forced">The bytes.</param>
    /// <param name="last">The token before them, or <see cref="ConstraintCursor.NoToken"/> at the text's start.</param>
    /// <returns>None where the tokenizer would join the bytes with the last token, which has been given out already.</returns>
    public int[] Tokens(ReadOnlySpan<byte> forced, int last)
    {
        // A marker is no part of a word: what follows it is tokenized by itself.
        if (last >= 0 && tokenizer.Kind(last) is TokenKind.Control or TokenKind.UserDefined)
            last = ConstraintCursor.NoToken;

        var before = last < 0 ? [] : tokenizer.Bytes(last, special: true);
        if (!System.Text.Unicode.Utf8.IsValid(before))
            return [];

        var text = Encoding.UTF8.GetString(before) + Encoding.UTF8.GetString(forced[..WholeCharacters(forced)]);
        Encode(text, tokens);
        foreach (var continuation in Continuations)
        {
            Encode(text + continuation, others);
            var same = 0;
            while (same < tokens.Count && same < others.Count && tokens[same] == others[same])
                same++;
            tokens.RemoveRange(same, tokens.Count - same);
        }

        var skip = last < 0 ? 0 : 1;
        return skip == 1 && (tokens.Count == 0 || tokens[0] != last) ? [] : [.. tokens[skip..]];
    }

    private static ConstraintState? OnlyStep(ConstraintState state, out byte value)
    {
        ConstraintState? only = null;
        value = 0;
        for (var candidate = 0; candidate <= byte.MaxValue; candidate++)
        {
            if (state.Step((byte)candidate) is not { } next)
                continue;
            if (only is not null)
                return null;
            (only, value) = (next, (byte)candidate);
        }

        return only;
    }

    private static int WholeCharacters(ReadOnlySpan<byte> utf8)
    {
        var whole = 0;
        while (whole < utf8.Length && Rune.DecodeFromUtf8(utf8[whole..], out _, out var length) == OperationStatus.Done)
            whole += length;
        return whole;
    }

    // Markers of calls and thinking are the tokens that the model knows them as; a text that only reads like some other control token is spelled out.
    private void Encode(string text, List<int> into)
    {
        Encode(text, into, markers: vocabulary.Shown is { Count: > 0 });
        if (into.Exists(token => tokenizer.Kind(token) == TokenKind.Control && vocabulary.Shown?.Contains(token) != true))
            Encode(text, into, markers: false);
    }

    // SentencePiece puts a space in front of every text it is given. Nothing merges over a line break, so what follows one is as in the middle of a text.
    private void Encode(string text, List<int> into, bool markers)
    {
        into.Clear();
        if (!tokenizer.StripsLeadingSpace)
        {
            tokenizer.Encode(text, into, addSpecial: false, parseSpecial: markers);
            return;
        }

        tokenizer.Encode("\n" + text, into, addSpecial: false, parseSpecial: markers);
        var lineBreak = into.FindIndex(token => tokenizer.Bytes(token) is [(byte)'\n']);
        if (lineBreak < 0)
            into.Clear();
        else
            into.RemoveRange(0, lineBreak + 1);
    }
}
