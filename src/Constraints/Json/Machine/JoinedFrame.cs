using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Penstock.Constraints.Json.Machine.Objects;

namespace Penstock.Constraints.Json.Machine;

/// <summary>
/// Several frames that the value which is being read may belong to: a node of a graph-structured stack (M. Tomita, 1985) with more than one below it. So ways to
/// read that differ only in what they make of the outside are followed as one, and their number does not multiply from level to level.
/// </summary>
/// <remarks>
/// No member is one of these itself, no two members are alike, and none is traced; members are in order of their ids. As a set of stacks it is a trie from the
/// innermost frame outwards with equal subtrees shared, so equal sets are one object. Endings go by way of the member that has the shortest.
/// </remarks>
internal sealed class JoinedFrame : Frame
{
    private ProgressSet? progresses;
    private Dictionary<object, Frame>? membersByCore;

    private JoinedFrame(Frame[] members)
        : base(Shortest(members), 0) => Members = members;

    /// <summary>The frames, at least two.</summary>
    public Frame[] Members { get; }

    protected override IReadOnlyList<Frame> Below => Members;

    /// <summary>One frame that stands for some, none of which is traced.</summary>
    public static Frame Of(MachineContext context, List<Frame> frames)
    {
        var members = Distinct(context, frames);
        if (members.Count == 1)
            return members[0];

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new ConstraintLimitException(ConstraintBound.Nesting, "Ways to read the document differ too deep within it; simplify the schema's oneOf and anyOf.");

        members.Sort(static (x, y) => x.Id.CompareTo(y.Id));
        return context.Intern(new JoinedFrame([.. members]));
    }

    /// <summary>How the objects that these frames stand for may stand.</summary>
    public ProgressSet ProgressesIn(MachineContext context) => progresses ??= ProgressSet.Of(context, Members.Select(member => ((ObjectFrame)member).Progress));

    /// <summary>The object's frame that has a progress.</summary>
    public Frame MemberOf(ObjectProgress progress) => (membersByCore ??= Members.ToDictionary<Frame, object>(member => member.Core, ReferenceEqualityComparer.Instance))[progress];

    /// <summary>The same stacks by frames of which no two are alike: those that are become one, inside all that they are in.</summary>
    private static List<Frame> Distinct(MachineContext context, List<Frame> frames)
    {
        WorkBudget.Charge(frames.Count);
        var byCore = new Dictionary<object, (Frame First, HashSet<Frame>? Parents)>(frames.Count, ReferenceEqualityComparer.Instance);
        foreach (var frame in frames)
        {
            foreach (var member in frame is JoinedFrame joined ? joined.Members : [frame])
                Add(byCore, member);
        }

        return [.. byCore.Values.Select(found => found.Parents is null ? found.First : found.First.Inside(context, Of(context, [.. found.Parents])))];
    }

    public override void WriteEnd(IBufferWriter<byte> output)
    {
    }

    protected override Frame MakeOutline(MachineContext context) => Of(context, [.. Members.Select(member => member.OutlineIn(context))]);

    protected override bool IsSame(Interned other) => Members.AsSpan().SequenceEqual(((JoinedFrame)other).Members);

    protected override int Hash()
    {
        var hash = default(HashCode);
        foreach (var member in Members)
            hash.Add(member.Id);

        return hash.ToHashCode();
    }

    private static void Add(Dictionary<object, (Frame First, HashSet<Frame>? Parents)> byCore, Frame frame)
    {
        ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(byCore, frame.Core, out var isKnown);
        if (!isKnown)
            found = (frame, null);
        else if (!ReferenceEquals(found.First, frame))
            (found.Parents ??= new(ReferenceEqualityComparer.Instance) { found.First.Parent! }).Add(frame.Parent!);
    }

    private static Frame Shortest(Frame[] members)
    {
        var best = members[0];
        foreach (var member in members)
            best = member.EndLength < best.EndLength ? member : best;

        return best;
    }
}
