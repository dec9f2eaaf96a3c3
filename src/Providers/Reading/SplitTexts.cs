using System.Text;
using Penstock.Contracts.Generation;

namespace Penstock.Providers.Reading;

/// <summary>Texts that come in pieces which may be cut within a character: half a surrogate pair waits for the other half. One answer each.</summary>
internal sealed class SplitTexts
{
    private readonly Dictionary<(int Choice, GenerationEventKind Kind), char> halves = [];

    /// <summary>The whole characters of what has come, in UTF-8; a half that something else follows is a replacement character.</summary>
    public byte[] Take(int choice, GenerationEventKind kind, string piece)
    {
        var text = halves.Remove((choice, kind), out var first) ? first + piece : piece;
        if (text.Length > 0 && char.IsHighSurrogate(text[^1]))
        {
            halves[(choice, kind)] = text[^1];
            text = text[..^1];
        }

        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Another text of the kind begins.</summary>
    public void Restart(int choice, GenerationEventKind kind) => halves.Remove((choice, kind));
}
