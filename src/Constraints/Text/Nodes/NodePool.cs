using System.Runtime.CompilerServices;

namespace Penstock.Constraints.Text.Nodes;

/// <summary>Makes nodes in a normal form in which many equal languages are one object: what keeps the automata finite and small.</summary>
internal sealed class NodePool
{
    private const int BetweenLooksAtTheClock = 64;

    // A set of so many members weighs as much as a node.
    private const int MembersOfOneNode = 8;
    private const int WorkOfOneNode = 64;

    private readonly TextLimits limits;
    private readonly Dictionary<(int Head, int Tail), Node> concatenations = [];
    private readonly Dictionary<(int Body, int Min, int Max), Node> repeats = [];
    private readonly Dictionary<(int Body, int Open), Node> complements = [];
    private readonly Dictionary<int, Node> looks = [];
    private readonly Dictionary<NodeSet, Node> unions = [];
    private readonly Dictionary<NodeSet, Node> intersections = [];
    private readonly HashSet<Node> everything = [];
    private int nodes;
    private int spent;
    private int lookAt;
    private int work;

    public NodePool(TextLimits limits)
    {
        this.limits = limits;
        Tries = new TrieTable(this);
        AnyCharacter = Tries.Characters(CodePointSet.All);
        All = Repeat(AnyCharacter, 0, Node.Unbounded);
        everything.Add(All);
    }

    public TrieTable Tries { get; }

    public TrieNode Empty => Tries.Empty;

    public TrieNode Epsilon => Tries.Epsilon;

    public TrieNode AnyCharacter { get; }

    public Node All { get; }

    public ConstraintDeadline? Deadline { get; set; }

    public int NextId()
    {
        Spend(1);
        return nodes++;
    }

    /// <summary>Counts work that may make no node: members of sets that were looked at.</summary>
    public void Work(int members)
    {
        work += members;
        if (work < WorkOfOneNode)
            return;

        Spend(work / WorkOfOneNode);
        work %= WorkOfOneNode;
    }

    /// <summary>A length that must be an <see cref="int"/>.</summary>
    public static int Checked(long length) => length <= int.MaxValue
        ? (int)length
        : throw new ConstraintLimitException(ConstraintBound.Size, "A pattern asks for texts of more than 2^31 bytes; lower its counts.");

    /// <summary>Ends deep recursions before the stack does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GuardStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new ConstraintLimitException(ConstraintBound.Nesting, "A pattern is nested too deeply, or has too long a run of optional parts; simplify it.");
    }

    /// <summary>Whether every valid continuation is in a language.</summary>
    public bool IsEverything(Node node) => everything.Contains(node);

    /// <summary>Every valid continuation of an open character, then any text.</summary>
    public Node Everything(TrieNode open)
    {
        if (ReferenceEquals(open, Epsilon))
            return All;

        var node = Concat(open, All);
        everything.Add(node);
        return node;
    }

    public Node Concat(Node head, Node tail)
    {
        if (ReferenceEquals(head, Empty) || ReferenceEquals(tail, Empty))
            return Empty;

        if (ReferenceEquals(head, Epsilon))
            return tail;

        if (ReferenceEquals(tail, Epsilon) && !head.HasCondition)
            return head;

        // The spine is turned to the right: ((a b) c) d becomes a (b (c d)).
        if (head is ConcatNode spine)
        {
            var heads = new Stack<Node>();
            Node last = spine;
            while (last is ConcatNode concat)
            {
                heads.Push(concat.Head);
                last = concat.Tail;
            }

            tail = Concat(last, tail);
            while (heads.TryPop(out var before))
                tail = Concat(before, tail);

            return tail;
        }

        // Stacks stay apart, so that equal ones meet (V. Antimirov's partial derivatives, 1996); a union of them as a head would hide them.
        if (head is OrNode { HasRule: true } or)
            return Or(Array.ConvertAll(or.Members, member => Concat(member, tail)));

        if (Absorb(head, tail) is { } absorbed)
            return absorbed;

        if (!concatenations.TryGetValue((head.Id, tail.Id), out var node))
            concatenations.Add((head.Id, tail.Id), node = new ConcatNode(NextId(), this, head, tail));

        return node;
    }

    public Node Repeat(Node body, int min, int max)
    {
        if (max < min)
            return Empty;

        if (max == 0 || ReferenceEquals(body, Epsilon))
            return Epsilon;

        if (ReferenceEquals(body, Empty))
            return min == 0 ? Epsilon : Empty;

        if (body.IsNullable && !body.HasCondition)
            min = 0;

        if (min == 1 && max == 1)
            return body;

        if (body is TrieNode trie && min == 0 && max == 1)
            return Tries.Combine(TrieOperation.Union, trie, Epsilon);

        if (body is RepeatNode { HasCondition: false } inner && IsGapless(inner, min, max))
            return Repeat(inner.Body, Times(inner.Min, min), Times(inner.Max, max));

        if (!repeats.TryGetValue((body.Id, min, max), out var node))
            repeats.Add((body.Id, min, max), node = new RepeatNode(NextId(), body, min, max));

        return node;
    }

    public Node Or(params ReadOnlySpan<Node> members) => Union.Of(this, members) switch
    {
        [] => Empty,
        [var single] => single,
        var many => Intern(unions, many, static (id, set) => new OrNode(id, set)),
    };

    public Node And(params ReadOnlySpan<Node> members) => Intersection.Of(this, members) switch
    {
        [] => All,
        [var single] => single,
        var many => Intern(intersections, many, static (id, set) => new AndNode(id, set)),
    };

    /// <summary>Every text that is not in the language.</summary>
    public Node Not(Node body) => Not(body, Epsilon);

    /// <summary>Every valid continuation, of a character that is open, that is not in the language.</summary>
    public Node Not(Node body, TrieNode open)
    {
        if (ReferenceEquals(body, Empty))
            return Everything(open);

        if (IsEverything(body))
            return Empty;

        if (body is NotNode inner)
            return inner.Body;

        if (!complements.TryGetValue((body.Id, open.Id), out var node))
            complements.Add((body.Id, open.Id), node = new NotNode(NextId(), this, body, open));

        return node;
    }

    /// <summary>Takes nothing and demands that what follows is in a language.</summary>
    public Node Look(Node rest)
    {
        if (IsEverything(rest))
            return Epsilon;

        if (ReferenceEquals(rest, Empty))
            return Empty;

        if (!looks.TryGetValue(rest.Id, out var node))
            looks.Add(rest.Id, node = new LookNode(NextId(), rest));

        return node;
    }

    // All texts take in what may be empty beside them; repeats of one body join.
    private Node? Absorb(Node head, Node tail)
    {
        if (tail.HasCondition || head.HasCondition)
            return null;

        if (ReferenceEquals(tail, All) && head.IsNullable)
            return All;

        var next = tail is ConcatNode concat ? concat.Head : tail;
        var rest = tail is ConcatNode { Tail: var after } ? after : Epsilon;
        if (ReferenceEquals(head, All) && next.IsNullable)
            return ReferenceEquals(next, All) ? tail : Concat(All, rest);

        var (body, min, max) = head is RepeatNode a ? (a.Body, a.Min, a.Max) : (head, 1, 1);
        if (next is RepeatNode b && ReferenceEquals(body, b.Body))
            return Concat(Repeat(body, Plus(min, b.Min), Plus(max, b.Max)), rest);

        return ReferenceEquals(body, next) ? Concat(Repeat(body, Plus(min, 1), Plus(max, 1)), rest) : null;
    }

    // Whether x{a,b}{c,d} is x{ac,bd}: the counts bk and a(k+1) leave no gap for any k from c to d - 1; the first is the widest.
    private static bool IsGapless(RepeatNode inner, int min, int max) =>
        min == max || (min == 0 ? inner.Min <= 1 : inner.Max == Node.Unbounded || ((long)inner.Max * min) + 1 >= inner.Min * (min + 1L));

    private static int Times(int a, int b) => a == 0 || b == 0 ? 0 : a == Node.Unbounded || b == Node.Unbounded ? Node.Unbounded : Checked((long)a * b);

    private static int Plus(int a, int b) => a == Node.Unbounded || b == Node.Unbounded ? Node.Unbounded : Checked((long)a + b);

    private void Spend(int weight)
    {
        spent += weight;
        WorkBudget.Charge(weight);
        if (spent > limits.Nodes)
            throw new ConstraintLimitException(ConstraintBound.States, $"The text patterns need more than {limits.Nodes} states; simplify or shorten them.");

        if (spent < lookAt)
            return;

        lookAt = spent + BetweenLooksAtTheClock;
        Deadline?.ThrowIfPassed();
    }

    private Node Intern(Dictionary<NodeSet, Node> table, Node[] members, Func<int, Node[], Node> make)
    {
        var key = new NodeSet(members);
        if (table.TryGetValue(key, out var node))
            return node;

        Spend(members.Length / MembersOfOneNode);
        table.Add(key, node = make(NextId(), members));
        return node;
    }
}
