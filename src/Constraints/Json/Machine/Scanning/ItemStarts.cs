using Penstock.Constraints.Json.Machine.Arrays;

namespace Penstock.Constraints.Json.Machine.Scanning;

/// <summary>The threads that may read an array's next item.</summary>
internal static class ItemStarts
{
    public static void Add(MachineContext context, ArrayFrame array, Trace? trace, List<JsonThread> next)
    {
        foreach (var (term, after) in array.Progress.Starts)
        {
            Frame frame = context.Intern(new ArrayFrame(array.Parent!, after));
            if (after.Seen is { } seen)
                frame = context.Intern(new ItemFrame(frame, seen, Trace.LengthOf(trace)));

            next.Add(new(ValueScanner.Of(context, term), frame, trace));
        }
    }
}
