using System.Buffers;

namespace Penstock.Constraints;

/// <summary>
/// Where a constrained text stands after the bytes so far: a state of a lazily built automaton over the bytes of the output. Every kind of
/// constraint (JSON schema, regular expression, choice, grammar) is one of these; masks, budgets and serving know nothing else.
/// </summary>
/// <remarks>
/// <para>Immutable to its users. States of one constraint may share memos that grow while they are read, so they belong to one thread at a time:
/// that of the model's loop once a request has been submitted.</para>
/// <para>The law that everything rests on: <b>a state that exists has an ending</b>. <see cref="Step"/> gives null for a byte after which no valid
/// text is left, so whoever only takes steps that are not null can always come to an accepting state.</para>
/// </remarks>
public abstract class ConstraintState
{
    /// <summary>Whether the bytes so far are a whole valid text, so that the generation may end here.</summary>
    public abstract bool IsAccepting { get; }

    /// <summary>Bytes of the shortest known ending: 0 where the state is accepting. Never more than what <see cref="WriteEnding"/> writes.</summary>
    public abstract int EndingLength { get; }

    /// <summary>The state after one more byte, or null where no valid text continues so.</summary>
    public abstract ConstraintState? Step(byte value);

    /// <summary>Writes bytes that lead from here to an accepting state; none where this one is.</summary>
    public abstract void WriteEnding(IBufferWriter<byte> output);

    /// <summary>
    /// The state whose mask stands for this one's: the same without memories that hardly any token can tell, such as the names that were there before. Masks
    /// are walked and remembered there, so that many states share one. Whatever this state takes, its outline takes too; where the outline takes more,
    /// <see cref="Step"/> of this state decides.
    /// </summary>
    public virtual ConstraintState Outline => this;

    /// <summary>Characters that lead back here, or onward by their number alone; null where there are none or few. A hint that makes masks fast: leaving it out changes no mask.</summary>
    public virtual LoopHint? Loop => null;
}
