namespace Penstock.Constraints.Json.Machine;

/// <summary>Bytes that are remembered while they are read, as a persistent list: states of a common beginning share it.</summary>
internal sealed class Trace(Trace? before, byte value) : Interned
{
    private readonly Trace? before = before;
    private readonly byte value = value;

    public int Length { get; } = LengthOf(before) + 1;

    public static int LengthOf(Trace? trace) => trace?.Length ?? 0;

    public static Trace Append(MachineContext context, Trace? trace, byte value) => context.Intern(new Trace(trace, value));

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
