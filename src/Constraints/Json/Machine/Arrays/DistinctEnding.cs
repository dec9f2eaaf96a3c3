namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>
/// Finds an ending of an open item that makes it different from all items before it: the shortest one, or else one that leaves it at some byte, and
/// so on from there (the idea of Yen's k shortest paths, 1971).
/// </summary>
internal static class DistinctEnding
{
    /// <summary>Steps that one search may take. Beyond it the item counts as one without such an ending.</summary>
    private const int MostSteps = 5_000;

    /// <summary>The bytes to the item's end, or null where none was found.</summary>
    public static byte[]? Find(MachineContext context, JsonThread start, ItemFrame item)
    {
        var before = Trace.Text(start.Trace, item.Start);
        if (Shortest(context, start, item, before, []) is not { } first)
            return null;

        if (first.IsDistinct)
            return first.Text;

        var steps = 0;
        var queue = new Queue<(JsonThread Thread, byte[] Text, byte[] Ending)>();
        queue.Enqueue((start, [], first.Text));
        var next = context.RentList();
        while (queue.TryDequeue(out var found) && steps < MostSteps)
        {
            // Every way to leave this ending, from its beginning to its end.
            var way = new List<JsonThread> { found.Thread };
            for (var i = found.Text.Length; i < found.Ending.Length && way.Count > 0; i++)
            {
                var on = new List<JsonThread>();
                for (var value = (byte)'!'; value <= (byte)'~'; value++)
                {
                    // An escape says nothing that could not be said without one.
                    if (value == '\\' && value != found.Ending[i])
                        continue;

                    next.Clear();
                    foreach (var from in way)
                    {
                        steps++;
                        WorkBudget.Charge();
                        ThreadStepper.Step(context, from, value, next, within: item);
                    }

                    foreach (var target in next)
                    {
                        if (!IsInside(target.Frame, item))
                            continue;

                        if (value == found.Ending[i])
                        {
                            on.Add(target);
                            continue;
                        }

                        byte[] text = [.. found.Ending.AsSpan(0, i), value];
                        if (Shortest(context, target, item, before, text) is not { } other)
                            continue;

                        if (other.IsDistinct)
                        {
                            context.Return(next);
                            return other.Text;
                        }

                        queue.Enqueue((target, text, other.Text));
                    }
                }

                way = on;
            }
        }

        context.Return(next);
        return null;
    }

    /// <summary>A text with the shortest ending of a thread behind it, and whether the item is then none of those before.</summary>
    private static (byte[] Text, bool IsDistinct)? Shortest(MachineContext context, JsonThread thread, ItemFrame item, byte[] before, byte[] text)
    {
        if (ThreadEnding.To(context, thread, item) is not { } ending)
            return null;

        text = [.. text, .. ending];
        return (text, !item.Seen.Contains(CanonicalJson.Of((byte[])[.. before, .. text])));
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
