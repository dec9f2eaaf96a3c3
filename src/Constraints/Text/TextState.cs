using System.Buffers;
using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text;

/// <summary>
/// A state of the deterministic automaton of a <see cref="Language"/>, over the UTF-8 bytes of the text. A state that exists has an ending. One
/// object a state: states are equal when they are the same object.
/// </summary>
/// <remarks>Built and remembered on first use; a step that was taken before allocates nothing. Belongs to the thread of its pool.</remarks>
public sealed class TextState
{
    private readonly LanguagePool pool;
    private readonly Node node;
    private int shortestCharacters = -1;
    private long count = -1;
    private CharacterLoop? loop;
    private TextState? outline;

    internal TextState(LanguagePool pool, Node node) => (this.pool, this.node) = (pool, node);

    /// <summary>The constraint that stands here, once there is one.</summary>
    internal TextConstraint? Constraint { get; set; }

    /// <summary>Whether the bytes so far are a text of the language.</summary>
    public bool IsAccepting => node.IsNullable;

    /// <summary>Bytes of the ending that <see cref="WriteEnding"/> writes: the shortest there is.</summary>
    public int EndingLength => pool.Search.EndingLength(node);

    /// <summary>The fewest characters that lead to acceptance. A character counts where it begins: one that is open has been counted.</summary>
    public int ShortestCharacters => shortestCharacters >= 0 ? shortestCharacters : shortestCharacters = pool.Search.ShortestCharacters(node);

    /// <summary>No text that leads to acceptance has more characters than this; <see cref="long.MaxValue"/> where no bound is known.</summary>
    public long LongestCharacters => node.LongestCharacters;

    /// <summary>How many texts lead from here to acceptance; <see cref="long.MaxValue"/> stands for that many or more.</summary>
    /// <exception cref="ConstraintLimitException">Too many states would have to be looked at.</exception>
    public long Count => count >= 0 ? count : count = TextCounter.Count(pool, node);

    /// <summary>The characters that lead back to this very state, or on through states that differ in a count alone (see <see cref="LoopLength"/>).</summary>
    public CharacterSet Loop => (loop ??= CharacterLoop.Of(pool.Nodes, node)).Characters;

    /// <summary>
    /// How many characters of <see cref="Loop"/> may follow: every text of at most so many leads to a state that exists and depends on their number
    /// alone. <see cref="int.MaxValue"/>: they lead back to this very state. 0 where <see cref="Loop"/> is empty.
    /// </summary>
    public int LoopLength => (loop ??= CharacterLoop.Of(pool.Nodes, node)).Length;

    /// <summary>The state whose next token stands for this one's; see <see cref="ConstraintState.Outline"/>. Another one only in grammars.</summary>
    public TextState Outline => outline ??= pool.StateOf(StackOutline.Of(pool.Nodes, node)) ?? this;

    /// <summary>The state after one more byte, or null where no text of the language continues so.</summary>
    /// <exception cref="ConstraintLimitException">The automaton has grown to its bound.</exception>
    public TextState? Step(byte value) => pool.StateOf(node.Step(pool.Nodes, value));

    /// <summary>Writes the shortest bytes that lead to acceptance; none where this state accepts.</summary>
    public void WriteEnding(IBufferWriter<byte> output) => pool.Search.WriteEnding(node, output);
}
