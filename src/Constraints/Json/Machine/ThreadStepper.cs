using Penstock.Constraints.Json.Machine.Arrays;
using Penstock.Constraints.Json.Machine.Scanning;

namespace Penstock.Constraints.Json.Machine;

/// <summary>Steps of threads: what a scanner makes of a byte, less the threads that could only end in an item that was there before.</summary>
internal static class ThreadStepper
{
    /// <param name="within">A frame whose items are not looked at, and none around it, or null.</param>
    public static void Step(MachineContext context, JsonThread thread, byte value, List<JsonThread> next, Frame? within = null)
    {
        if (!thread.Scanner.MayTake(value))
            return;

        var first = next.Count;
        thread.Scanner.Step(context, thread, value, next);
        for (var i = next.Count - 1; i >= first; i--)
        {
            if (next[i].Frame.IsTraced && !IsDistinct(context, next[i], within))
                next.RemoveAt(i);
        }
    }

    /// <summary>Adds the threads that go on after a complete value.</summary>
    /// <param name="trace">What is remembered, with the last byte of the value.</param>
    public static void Close(MachineContext context, Frame frame, Trace? trace, List<JsonThread> next)
    {
        if (frame is ItemFrame item)
        {
            if (item.Complete(context, trace) is not { } array)
                return;

            frame = array;
        }

        next.Add(new(AfterScanner.Of(context, 0), frame, frame.IsTraced ? trace : null));
    }

    /// <summary>The thread's memory with one more byte; null where nothing is remembered.</summary>
    public static Trace? Remember(MachineContext context, JsonThread thread, byte value) =>
        thread.Frame.IsTraced ? Trace.Append(context, thread.Trace, value) : null;

    private static bool IsDistinct(MachineContext context, JsonThread thread, Frame? within)
    {
        for (var frame = thread.Frame; frame is { IsTraced: true } && !ReferenceEquals(frame, within); frame = frame.Parent)
        {
            // Strings, numbers and words look at what was there by themselves.
            if (frame is not ItemFrame { Seen.Composites.Count: > 0 } item || ReferenceEquals(frame, thread.Frame))
                continue;

            if (!Trace.IsNew(thread.Trace, item.Seen, item.Start) && DistinctEnding.Find(context, thread, item) is null)
                return false;
        }

        return true;
    }
}
