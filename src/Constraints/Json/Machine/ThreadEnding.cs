using System.Buffers;
using Penstock.Constraints.Json.Machine.Arrays;

namespace Penstock.Constraints.Json.Machine;

/// <summary>Endings of threads. Inside unique items they depend on what the items become; elsewhere they are sums that frames keep.</summary>
internal static class ThreadEnding
{
    public static long LengthOf(MachineContext context, JsonThread thread) => thread.Frame.IsTraced
        ? To(context, thread, null)?.Length ?? int.MaxValue
        : thread.Scanner.EndingLength(context, thread.Frame) + thread.Frame.EndLength;

    /// <summary>The bytes to the end of what <paramref name="stop"/> holds, or of the document; null where none was found.</summary>
    public static byte[]? To(MachineContext context, JsonThread thread, Frame? stop)
    {
        var output = new ArrayBufferWriter<byte>();
        var item = Outermost(thread.Frame, stop);
        if (item is null || ReferenceEquals(item, stop))
        {
            thread.Scanner.WriteEnding(context, thread.Frame, output, stop);
            return output.WrittenSpan.ToArray();
        }

        // First to the end of the item, which its array then counts among those seen.
        if (DistinctEnding.Find(context, thread, item) is not { } rest)
            return null;

        var trace = thread.Trace;
        foreach (var value in rest)
            trace = Trace.Append(context, trace, value);

        if (item.Complete(context, trace) is not { } array)
            return null;

        output.Write(rest);
        array.WriteEnds(output, stop);
        return output.WrittenSpan.ToArray();
    }

    private static ItemFrame? Outermost(Frame frame, Frame? stop)
    {
        ItemFrame? outermost = null;
        for (var open = frame; open is { IsTraced: true } && !ReferenceEquals(open, stop); open = open.Parent)
            outermost = open as ItemFrame ?? outermost;

        return outermost;
    }
}
