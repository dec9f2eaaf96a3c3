using System.Buffers;
using Penstock.Providers.Http;

namespace Penstock.Providers.Reading;

/// <summary>The JSON of a provider's bytes: of a stream they are whole events, several when some were held back; else they are one body.</summary>
internal static class ProviderFrames
{
    /// <summary>Gives each event's JSON, or the body; false as soon as one is not taken.</summary>
    public static bool All(ReadOnlyMemory<byte> wire, Func<ReadOnlyMemory<byte>, bool> take)
    {
        var frames = new ReadOnlySequence<byte>(wire);
        if (!SseFrame.TryTake(ref frames, out var frame) || SseFrame.DataOf(frame.ToArray()).IsEmpty)
        {
            return wire.IsEmpty || take(wire);
        }

        do
        {
            var data = SseFrame.DataOf(frame.ToArray());
            if (!data.IsEmpty && !take(data.ToArray()))
            {
                return false;
            }
        }
        while (SseFrame.TryTake(ref frames, out frame));
        return true;
    }
}
