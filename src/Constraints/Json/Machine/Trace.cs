using Penstock.Constraints.Json.Machine.Arrays;

namespace Penstock.Constraints.Json.Machine;

/// <summary>Bytes that are remembered while they are read, as a persistent list: states of a common beginning share it.</summary>
internal sealed class Trace(Trace? before, byte value) : Interned
{
    private readonly Trace? before = before;
    private readonly byte value = value;
    private SeenItems? comparedWith;
    private int comparedFrom;
    private bool isNew;

    public int Length { get; } = LengthOf(before) + 1;

    public static int LengthOf(Trace? trace) => trace?.Length ?? 0;

    public static Trace Append(MachineContext context, Trace? trace, byte value) => context.Intern(new Trace(trace, value));

    /// <summary>Whether an item that begins with these bytes is certainly none of those before: some member of it is in none of them.</summary>
    /// <param name="trace">What was remembered.</param>
    /// <param name="seen">The items before.</param>
    /// <param name="from">Where the item begins.</param>
    public static bool IsNew(Trace? trace, SeenItems seen, int from)
    {
        if (LengthOf(trace) <= from)
            return false;

        if (!ReferenceEquals(trace!.comparedWith, seen) || trace.comparedFrom != from)
        {
            // Only these bytes end a member.
            trace.isNew = IsNew(trace.before, seen, from) || (trace.value is (byte)',' or (byte)'}' or (byte)']' && PartialItem.IsNew(Text(trace, from), seen));
            (trace.comparedWith, trace.comparedFrom) = (seen, from);
        }

        return trace.isNew;
    }

    /// <summary>The bytes from an offset on.</summary>
    public static byte[] Text(Trace? trace, int from = 0)
    {
        var text = new byte[LengthOf(trace) - from];
        for (var i = text.Length; i > 0; trace = trace.before)
            text[--i] = trace!.value;

        return text;
    }

    protected override bool IsSame(Interned other) => ReferenceEquals(before, ((Trace)other).before) && value == ((Trace)other).value;

    protected override int Hash() => HashCode.Combine(before?.Id ?? 0, value);
}
