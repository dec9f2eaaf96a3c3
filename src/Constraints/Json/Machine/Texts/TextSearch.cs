using System.Buffers;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Machine.Texts;

/// <summary>Short texts of a language that were not there before.</summary>
internal static class TextSearch
{
    // All bytes are tried.
    private const int StepsOfALook = 16;

    /// <summary>The shortest text of a language that is not in a set, or null.</summary>
    public static byte[]? ShortestOutside(MachineContext context, Language language, TextSet taken)
    {
        if (language.IsEmpty)
            return null;

        var filter = TextFilter.Of(context, taken);
        return filter is null || filter.LeavesEnding(language.Start) ? ShortestRest(context, language.Start, filter) : null;
    }

    /// <summary>The shortest rest of a text that makes none of a filter's texts; there must be one.</summary>
    public static byte[] ShortestRest(MachineContext context, TextState start, TextFilter? filter)
    {
        // Best first. Only states on the way of a taken text are looked behind, so no more than its bytes.
        var queue = new PriorityQueue<(TextState State, TextFilter? Filter, byte[] Text), int>();
        queue.Enqueue((start, filter, []), 0);
        while (queue.TryDequeue(out var found, out _))
        {
            var (state, rest, text) = found;
            if (rest is null)
            {
                var ending = new ArrayBufferWriter<byte>();
                state.WriteEnding(ending);
                return [.. text, .. ending.WrittenSpan];
            }

            if (state.IsAccepting && !rest.IsExact)
                return text;

            WorkBudget.Charge(StepsOfALook);
            for (var value = 0; value < 256; value++)
            {
                if (state.Step((byte)value) is { } next)
                    queue.Enqueue((next, rest.Step(context, (byte)value), [.. text, (byte)value]), text.Length + 1 + next.EndingLength);
            }
        }

        throw new InvalidOperationException("A text that exists has no ending.");
    }
}
