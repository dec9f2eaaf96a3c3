namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>
/// Finds an ending of an open item that makes it different from all items before it: the shortest one, or else one that leaves it at some byte, and
/// so on from there, shortest first (the idea of Yen's k shortest paths, 1971).
/// </summary>
internal static class DistinctEnding
{
    /// <summary>Steps that one search may take. Beyond it the item counts as one without such an ending.</summary>
    private const int MostSteps = 20_000;

    /// <summary>The bytes to the item's end, or null where none was found.</summary>
    public static byte[]? Find(MachineContext context, JsonThread start, ItemFrame item)
    {
        var steps = 0;
        var queue = new PriorityQueue<(JsonThread Thread, byte[] Text), long>();
        queue.Enqueue((start, []), 0);
        var next = new List<JsonThread>();
        while (queue.TryDequeue(out var found, out _))
        {
            var (thread, text) = found;
            if (ThreadEnding.To(context, thread, item) is not { } rest)
                continue;

            byte[] whole = [.. Trace.Text(start.Trace, item.Start), .. text, .. rest];
            if (!item.Seen.Contains(CanonicalJson.Of(whole)))
                return [.. text, .. rest];

            // Every way to leave this ending, from its beginning to its end.
            var way = new List<JsonThread> { thread };
            for (var i = 0; i < rest.Length && way.Count > 0; i++)
            {
                var on = new List<JsonThread>();
                foreach (var from in way)
                {
                    for (var value = 0x21; value < 0x7F; value++)
                    {
                        if (value == '\\')
                            continue;

                        if (++steps > MostSteps)
                            return null;

                        next.Clear();
                        ThreadStepper.Step(context, from, (byte)value, next, within: item);
                        foreach (var target in next)
                        {
                            if (!IsInside(target.Frame, item))
                                continue;

                            if (value == rest[i])
                                on.Add(target);
                            else
                                queue.Enqueue((target, [.. text, .. rest[..i], (byte)value]), text.Length + i + target.Frame.EndLength - item.EndLength);
                        }
                    }
                }

                way = on;
            }
        }

        return null;
    }

    private static bool IsInside(Frame frame, ItemFrame item)
    {
        for (var open = frame; open is { IsTraced: true }; open = open.Parent)
        {
            if (ReferenceEquals(open, item))
                return true;
        }

        return false;
    }
}
