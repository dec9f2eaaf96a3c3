using System.Buffers;
using Penstock.Constraints.Json.Machine.Texts;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>
/// The name of an object's next property: a range of the sorted names that the shape knows, beside the languages of the other names. No name
/// that the object already has, and none after which it could not be ended.
/// </summary>
internal sealed class KeyTarget : TextTarget
{
    private readonly ObjectProgress progress;
    private readonly int low;
    private readonly int high;
    private readonly int length;
    private readonly OtherName[] others;
    private readonly TextFilter? filter;
    private readonly Trace? name;
    private PropertyStart[]? starts;
    private (byte[] Tail, PropertyStart Start)? ending;

    private KeyTarget(ObjectProgress progress, int low, int high, int length, OtherName[] others, TextFilter? filter, Trace? name)
    {
        this.progress = progress;
        (this.low, this.high, this.length) = (low, high, length);
        (this.others, this.filter, this.name) = (others, filter, name);
    }

    public override bool CanClose => Starts.Length > 0;

    /// <summary>What may follow the name as it is.</summary>
    public PropertyStart[] Starts => starts ??= FindStarts();

    public override LoopHint? Loop
    {
        get
        {
            if (low < high || filter is not null || RemembersName)
                return null;

            var set = new LoopHint(UInt128.MaxValue, true, int.MaxValue);
            foreach (var other in others)
            {
                var loop = other.State.Loop;
                set = new(set.Ascii & loop.Ascii, set.NonAscii && loop.AllNonAscii, Math.Min(set.Most, other.State.LoopLength));
            }

            return set.Most == 0 || (set.Ascii == 0 && !set.NonAscii) ? null : set;
        }
    }

    /// <summary>Whether the name is remembered while it is read.</summary>
    private bool RemembersName => Remembers(progress, others);

    public static KeyTarget? Start(MachineContext context, ObjectProgress progress)
    {
        var plan = progress.Plan;
        var groups = new List<OtherName>();
        for (var group = 0; group < plan.Others.Length; group++)
        {
            if (progress.StartsOf(group, null).Length > 0)
                groups.Add(new(group, plan.Others[group].Names.Start));
        }

        return Make(context, progress, 0, plan.Names.Length, 0, [.. groups], progress.Others is { } taken ? TextFilter.Of(context, taken) : null, null);
    }

    /// <summary>This without the memory of the names that were there, as far as it is not needed for the name that is being read.</summary>
    public KeyTarget OutlineIn(MachineContext context)
    {
        var outline = progress.Outline;
        return ReferenceEquals(outline, progress)
            ? this
            : context.Intern(new KeyTarget(outline, low, high, length, others, filter, Remembers(outline, others) ? name : null));
    }

    public override long EndingLength(MachineContext context, Frame frame)
    {
        var (rest, start) = FindEnding(context);
        return JsonText.LengthOf(rest) + 2 + start.Value.ShortestLength + start.Next.EndLength - progress.EndLength;
    }

    public override void WriteEnding(MachineContext context, Frame frame, IBufferWriter<byte> output, Frame? stop)
    {
        var (rest, start) = FindEnding(context);
        JsonText.Write(output, rest);
        output.Write("\":"u8);
        start.Value.WriteShortest(output);
        start.Next.WriteEnd(output);
        frame.Parent!.WriteEnds(output, stop);
    }

    protected override TextTarget? Follow(MachineContext context, byte value)
    {
        var (from, to) = low < high ? TextSet.Narrow(progress.Plan.Names, low, high, length, value) : (0, 0);
        if (from == to && filter is null && !RemembersName && others.Length == 1 && ReferenceEquals(others[0].State.Step(value), others[0].State) && low == high)
            return this;

        var next = new List<OtherName>(others.Length);
        foreach (var other in others)
        {
            if (other.State.Step(value) is { } state)
                next.Add(other with { State = state });
        }

        return Make(context, progress, from, to, length + 1, [.. next], filter?.Step(context, value), RemembersName ? Trace.Append(context, name, value) : null);
    }

    protected override bool IsSame(Interned other)
    {
        var target = (KeyTarget)other;
        return ReferenceEquals(progress, target.progress) && low == target.low && high == target.high && length == target.length
            && ReferenceEquals(filter, target.filter) && ReferenceEquals(name, target.name) && others.AsSpan().SequenceEqual(target.others);
    }

    protected override int Hash()
    {
        var hash = HashCode.Combine(progress.Id, low, high, length, filter?.Id ?? 0, name?.Id ?? 0);
        foreach (var other in others)
            hash = HashCode.Combine(hash, other.Group, other.State);

        return hash;
    }

    private static KeyTarget? Make(
        MachineContext context, ObjectProgress progress, int low, int high, int length, OtherName[] others, TextFilter? filter, Trace? name)
    {
        while (low < high && !progress.Allows(low))
            low++;

        if (filter is not null && others.Length > 0)
            others = Array.FindAll(others, other => filter.LeavesEnding(other.State));

        if (others.Length == 0)
            filter = null;

        if (!Remembers(progress, others))
            name = null;

        // Which names were gone through is of no interest once none of the known ones can follow.
        if (low >= high)
            (low, high, length) = (0, 0, 0);

        return low == high && others.Length == 0 ? null : context.Intern(new KeyTarget(progress, low, high, length, others, filter, name));
    }

    private static bool Remembers(ObjectProgress progress, OtherName[] others)
    {
        foreach (var other in others)
        {
            if (progress.Remembers(other.Group))
                return true;
        }

        return false;
    }

    private PropertyStart[] FindStarts()
    {
        if (low < high && progress.Plan.Names[low].Length == length)
            return progress.Allows(low) ? progress.StartsOf(low) : [];

        if (filter is { IsExact: true })
            return [];

        foreach (var other in others)
        {
            // The languages of the groups are disjoint.
            if (other.State.IsAccepting)
                return progress.StartsOf(other.Group, RemembersName ? Trace.Text(name) : null);
        }

        return [];
    }

    private (byte[] Tail, PropertyStart Start) FindEnding(MachineContext context)
    {
        if (ending is { } known)
            return known;

        var best = default((byte[] Tail, PropertyStart Start)?);
        var cost = long.MaxValue;
        foreach (var property in Candidates())
        {
            var rest = progress.Plan.Names[property][length..];
            var start = progress.StartsOf(property)[0];
            if (rest.Length + start.Value.ShortestLength + start.Next.EndLength is var total && total < cost)
                (best, cost) = ((rest, start), total);
        }

        foreach (var other in others)
        {
            var rest = TextSearch.ShortestRest(context, other.State, filter);
            byte[] whole = RemembersName ? [.. Trace.Text(name), .. rest] : rest;
            if (progress.StartsOf(other.Group, whole) is [var start, ..]
                && rest.Length + start.Value.ShortestLength + start.Next.EndLength is var total && total < cost)
            {
                (best, cost) = ((rest, start), total);
            }
        }

        return (ending = best ?? throw new InvalidOperationException("A name that exists has no ending.")).Value;
    }

    /// <summary>A few of the known names that may still come: what the object needs anyway, or the first ones.</summary>
    private List<int> Candidates()
    {
        var candidates = new List<int>();
        for (var i = low; i < high && candidates.Count < 8; i++)
        {
            if (progress.Plan[i].IsRequired && progress.Allows(i))
                candidates.Add(i);
        }

        for (var i = low; i < high && candidates.Count < 8; i++)
        {
            if (!progress.Plan[i].IsRequired && progress.Allows(i))
                candidates.Add(i);
        }

        return candidates;
    }
}
