namespace Penstock.Constraints.Text.Nodes;

/// <summary>
/// An extended regular expression over bytes, made by a <see cref="NodePool"/> so that equal ones are one object. A node that stands at the root is
/// a state of the automaton: its derivative by a byte is the next one.
/// </summary>
internal abstract class Node(int id)
{
    /// <summary>The <c>m</c> of a repeat without an upper bound.</summary>
    public const int Unbounded = int.MaxValue;

    private ByteClasses classes;
    private bool hasClasses;
    private Node?[]? targets;

    /// <summary>Of those made by one pool; also the order of a set's members.</summary>
    public int Id { get; } = id;

    /// <summary>Whether the empty text is in it.</summary>
    public bool IsNullable { get; protected init; }

    /// <summary>Whether it is built without intersection, complement and look-ahead. Then all its measures are exact.</summary>
    public bool IsPlain { get; protected init; } = true;

    /// <summary>Whether its form tells that it has a text and which are its shortest ones: the two shortest measures are exact.</summary>
    public bool KnowsEnding { get; protected init; } = true;

    /// <summary>Whether a condition on all that follows is inside, so that it means something only together with what follows.</summary>
    public bool HasCondition { get; protected init; }

    /// <summary>Whether a call of a rule is inside, so that concatenations are stacks.</summary>
    public bool HasRule { get; protected init; }

    /// <summary>The shortest text has no fewer bytes than this.</summary>
    public int ShortestBytes { get; protected init; }

    /// <summary>The shortest text has no fewer characters than this (bytes that begin one).</summary>
    public int ShortestCharacters { get; protected init; }

    /// <summary>No text has more characters than this; <see cref="long.MaxValue"/> where there is no bound.</summary>
    public long LongestCharacters { get; protected init; }

    /// <summary>What the search for an ending found, once it did.</summary>
    public Ending? Ending { get; set; }

    /// <summary>The state that wraps this node, once there is one.</summary>
    public TextState? State { get; set; }

    /// <summary>The language that wraps this node, once there is one.</summary>
    public Language? Language { get; set; }

    /// <summary>The bytes that this node tells apart.</summary>
    public ByteClasses Classes
    {
        get
        {
            if (!hasClasses)
            {
                NodePool.GuardStack();
                (classes, hasClasses) = (FindClasses(), true);
            }

            return classes;
        }
    }

    /// <summary>The derivative by a byte: what may follow it. The pool's empty node where nothing may.</summary>
    public virtual Node Step(NodePool pool, byte value)
    {
        targets ??= new Node?[Classes.Count];
        ref var target = ref targets[classes.IndexOf(value)];
        return target ??= Derive(pool, value);
    }

    // Equal nodes are one object, and searches put many into tables.
    public sealed override int GetHashCode() => Id;

    public sealed override bool Equals(object? obj) => ReferenceEquals(this, obj);

    protected abstract ByteClasses FindClasses();

    /// <summary>Computes the derivative; called once for each of <see cref="Classes"/>.</summary>
    protected abstract Node Derive(NodePool pool, byte value);

    /// <summary>The texts after which no byte has been taken, as a condition on all that follows: all, none, or what look-ahead demands.</summary>
    public virtual Node Condition(NodePool pool) => IsNullable ? pool.All : pool.Empty;

    /// <summary>What follows a byte in this node's texts continued by <paramref name="rest"/>, where this node takes that byte.</summary>
    public virtual Node Take(NodePool pool, Node rest, byte value) => pool.Concat(Step(pool, value), rest);

    /// <summary>a + b, where <see cref="long.MaxValue"/> stands for no bound.</summary>
    protected static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
