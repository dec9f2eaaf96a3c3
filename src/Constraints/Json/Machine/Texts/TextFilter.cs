using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Machine.Texts;

/// <summary>The texts of a set that begin with what was read so far and may therefore not be what it becomes. At least one; null stands for none.</summary>
internal sealed class TextFilter : Interned
{
    private readonly TextSet set;
    private readonly int low;
    private readonly int high;
    private readonly int length;

    private TextFilter(TextSet set, int low, int high, int length) => (this.set, this.low, this.high, this.length) = (set, low, high, length);

    /// <summary>Whether what was read so far is one of the texts.</summary>
    public bool IsExact => set[low].Length == length;

    public static TextFilter? Of(MachineContext context, TextSet set) => set.Count == 0 ? null : context.Intern(new TextFilter(set, 0, set.Count, 0));

    public TextFilter? Step(MachineContext context, byte value)
    {
        var (from, to) = set.Narrow(low, high, length, value);
        return from == to ? null : context.Intern(new TextFilter(set, from, to, length + 1));
    }

    /// <summary>Whether a state has an ending that makes none of these texts.</summary>
    public bool LeavesEnding(TextState state)
    {
        var count = TextCount.Of(state);
        if (count > high - low)
            return true;

        var taken = 0;
        for (var i = low; i < high; i++)
            taken += Accepts(state, set[i].AsSpan(length)) ? 1 : 0;

        return count > taken;
    }

    protected override bool IsSame(Interned other)
    {
        var filter = (TextFilter)other;
        return ReferenceEquals(set, filter.set) && low == filter.low && high == filter.high && length == filter.length;
    }

    protected override int Hash() => HashCode.Combine(set.Id, low, high, length);

    private static bool Accepts(TextState state, ReadOnlySpan<byte> rest)
    {
        foreach (var value in rest)
        {
            if (state.Step(value) is not { } next)
                return false;

            state = next;
        }

        return state.IsAccepting;
    }
}
