using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Values;

/// <summary>Lists texts of a language, short ones first: a best-first search over the states of its automaton, with the ending's length as the exact rest of the way.</summary>
internal static class TextEnumerator
{
    private static readonly byte[] Order = [.. Enumerable.Range(0, 256).Select(value => (byte)value).OrderBy(value => char.IsAsciiLetterLower((char)value) ? 0 : value > 0x20 ? 1 : 2)];

    /// <summary>Texts of a number of code points between two bounds.</summary>
    public static IEnumerable<byte[]> Texts(Language language, int min = 0, int max = int.MaxValue)
    {
        if (language.IsEmpty)
        {
            yield break;
        }

        // Among ways of one length the longest prefix goes first: all are as good, and this one is nearly done.
        var sequence = 0L;
        var open = new PriorityQueue<Prefix, (int, int, long)>();
        open.Enqueue(new(null, 0, 0, 0, language.Start), (0, 0, 0));
        while (open.TryDequeue(out var prefix, out _))
        {
            if (prefix.IsText)
            {
                yield return prefix.ToBytes();
                continue;
            }

            if (prefix.State.IsAccepting && prefix.Characters >= min)
            {
                open.Enqueue(prefix with { IsText = true }, (prefix.Length, -prefix.Length, ++sequence));
            }

            foreach (var value in Order)
            {
                if (prefix.State.Step(value) is not { } next)
                {
                    continue;
                }

                var characters = prefix.Characters + ((value & 0xC0) == 0x80 ? 0 : 1);
                if ((long)characters + next.ShortestCharacters <= max)
                {
                    var rest = Math.Max(next.EndingLength, min - characters);
                    open.Enqueue(new(prefix, value, prefix.Length + 1, characters, next), (prefix.Length + 1 + rest, -prefix.Length - 1, ++sequence));
                }
            }
        }
    }

    private sealed record Prefix(Prefix? Before, byte Last, int Length, int Characters, TextState State, bool IsText = false)
    {
        public byte[] ToBytes()
        {
            var bytes = new byte[Length];
            var prefix = this;
            for (var i = Length - 1; i >= 0; i--)
            {
                bytes[i] = prefix!.Last;
                prefix = prefix.Before;
            }

            return bytes;
        }
    }
}
