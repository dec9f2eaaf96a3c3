using System.Buffers;
using Penstock.Constraints.Json.Machine.Texts;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>
/// The name of an object's next property: a range of the sorted names that its shapes know, beside the languages of the other names. No name
/// that the object already has, and none after which it could not be ended.
/// </summary>
internal sealed class KeyTarget : TextTarget
{
    private readonly ProgressSet progresses;
    private readonly int low;
    private readonly int high;
    private readonly int length;
    private readonly OtherName[] others;
    private readonly Trace? name;
    private (ObjectProgress From, PropertyStart[] Starts)[]? starts;
    private KeyEnding? ending;
    private Frame? endingFrame;

    private KeyTarget(ProgressSet progresses, int low, int high, int length, OtherName[] others, Trace? name)
    {
        this.progresses = progresses;
        (this.low, this.high, this.length) = (low, high, length);
        (this.others, this.name) = (others, name);
        RemembersName = Remembers(progresses, others);
    }

    public override bool CanClose => Starts.Length > 0;

    /// <summary>What may follow the name as it is, for each of the object's ways to stand that may have it.</summary>
    public (ObjectProgress From, PropertyStart[] Starts)[] Starts => starts ??= [.. FindStarts()];

    public override LoopHint? Loop
    {
        get
        {
            if (low < high || RemembersName)
                return null;

            var set = new LoopHint(UInt128.MaxValue, true, int.MaxValue);
            foreach (var other in others)
            {
                if (other.Taken is not null)
                    return null;

                var loop = other.State.Loop;
                set = new(set.Ascii & loop.Ascii, set.NonAscii && loop.AllNonAscii, Math.Min(set.Most, other.State.LoopLength));
            }

            return set.Most == 0 || (set.Ascii == 0 && !set.NonAscii) ? null : set;
        }
    }

    /// <summary>Whether the name is remembered while it is read.</summary>
    private bool RemembersName { get; }

    public static KeyTarget? Start(MachineContext context, ProgressSet progresses)
    {
        var begun = new List<OtherName>();
        for (var owner = 0; owner < progresses.Groups.Length; owner++)
        {
            var (member, group) = progresses.Groups[owner];
            var progress = progresses.Members[member];
            if (progress.StartsOf(group, null).Length > 0)
                begun.Add(new(progress.Plan.Others[group].Names.Start, progress.Others is { } taken ? TextFilter.Of(context, taken) : null, OwnerSet.Of(context, [owner])));
        }

        return Make(context, progresses, 0, progresses.Names.Length, 0, begun, null);
    }

    /// <summary>This without the memory of the names that were there, as far as it is not needed for the name that is being read.</summary>
    public KeyTarget OutlineIn(MachineContext context)
    {
        var outline = progresses.Outline;
        if (ReferenceEquals(outline, progresses))
            return this;

        var translated = Array.ConvertAll(others, other => other with { Owners = progresses.OutlineOf(other.Owners) });
        return context.Intern(new KeyTarget(outline, low, high, length, translated, Remembers(outline, translated) ? name : null));
    }

    public override long EndingLength(MachineContext context, Frame frame)
    {
        var (rest, start, of) = EndingIn(context, frame);
        return JsonText.LengthOf(rest) + 2 + start.Value.ShortestLength + start.Next.EndLength + of.Parent!.EndLength - frame.EndLength;
    }

    public override void WriteEnding(MachineContext context, Frame frame, IBufferWriter<byte> output, Frame? stop)
    {
        var (rest, start, of) = EndingIn(context, frame);
        JsonText.Write(output, rest);
        output.Write("\":"u8);
        start.Value.WriteShortest(output);
        start.Next.WriteEnd(output);
        of.Parent!.WriteEnds(output, stop);
    }

    protected override TextTarget? Follow(MachineContext context, byte value)
    {
        var (from, to) = low < high ? TextSet.Narrow(progresses.Names, low, high, length, value) : (0, 0);
        if (from == to && low == high && !RemembersName && others is [{ Taken: null } only] && ReferenceEquals(only.State.Step(value), only.State))
            return this;

        var next = new List<OtherName>(others.Length);
        foreach (var other in others)
        {
            if (other.State.Step(value) is { } state)
                next.Add(other with { State = state, Taken = other.Taken?.Step(context, value) });
        }

        return Make(context, progresses, from, to, length + 1, next, RemembersName ? Trace.Append(context, name, value) : null);
    }

    protected override bool IsSame(Interned other)
    {
        var target = (KeyTarget)other;
        return ReferenceEquals(progresses, target.progresses) && low == target.low && high == target.high && length == target.length
            && ReferenceEquals(name, target.name) && others.AsSpan().SequenceEqual(target.others);
    }

    protected override int Hash()
    {
        var hash = HashCode.Combine(progresses.Id, low, high, length, name?.Id ?? 0);
        foreach (var other in others)
            hash = HashCode.Combine(hash, other.State, other.Taken?.Id ?? 0, other.Owners.Id);

        return hash;
    }

    private static KeyTarget? Make(MachineContext context, ProgressSet progresses, int low, int high, int length, List<OtherName> begun, Trace? name)
    {
        while (low < high && !progresses.Allows(low))
            low++;

        // Which names were gone through is of no interest once none of the known ones can follow.
        if (low >= high)
            (low, high, length) = (0, 0, 0);

        var open = Joined(context, begun);
        return low == high && open.Length == 0 ? null : context.Intern(new KeyTarget(progresses, low, high, length, open, Remembers(progresses, open) ? name : null));
    }

    /// <summary>Those that may still become a new name; what stands alike is one, for all its owners.</summary>
    private static OtherName[] Joined(MachineContext context, List<OtherName> begun)
    {
        begun.RemoveAll(static other => !other.IsOpen);
        if (begun.Count < 2)
            return [.. begun];

        return [.. begun.GroupBy(static other => (other.State, other.Taken)).Select(alike => alike.First() with { Owners = OwnerSet.Union(context, alike.Select(other => other.Owners)) })];
    }

    private static bool Remembers(ProgressSet progresses, OtherName[] others)
    {
        foreach (var other in others)
        {
            if (progresses.Remembers(other.Owners))
                return true;
        }

        return false;
    }

    private IEnumerable<(ObjectProgress From, PropertyStart[] Starts)> FindStarts()
    {
        if (low < high && progresses.Names[low].Length == length)
        {
            for (var member = 0; member < progresses.Members.Length; member++)
            {
                if (progresses.PropertyOf(member, low) is var property and >= 0 && progresses.Members[member].StartsOf(property) is { Length: > 0 } named)
                    yield return (progresses.Members[member], named);
            }
        }

        foreach (var other in others)
        {
            if (!other.State.IsAccepting || other.Taken is { IsExact: true })
                continue;

            foreach (var owner in other.Owners.Groups)
            {
                var (member, group) = progresses.Groups[owner];
                if (progresses.Members[member].StartsOf(group, progresses.Members[member].Remembers(group) ? Trace.Text(name) : null) is { Length: > 0 } free)
                    yield return (progresses.Members[member], free);
            }
        }
    }

    private KeyEnding EndingIn(MachineContext context, Frame frame)
    {
        if (ending is null || !ReferenceEquals(endingFrame, frame))
        {
            ending = new KeyEndingSearch(context, progresses, frame).Find(low, high, length, others, RemembersName ? Trace.Text(name) : null);
            endingFrame = frame;
        }

        return ending;
    }
}
