namespace Penstock.Constraints;

/// <summary>
/// Characters that a <see cref="ConstraintState"/> takes in any order without caring which: inside a string, nearly all. Masks over such a state are
/// ready but for the tokens that have something else in them.
/// </summary>
/// <remarks>
/// The promise: every text of at most <paramref name="Most"/> characters out of the set, as raw UTF-8 bytes of the output, leads to a state that
/// exists, and the <i>number</i> of characters alone decides to which. After <paramref name="Most"/> of them, a further one leads nowhere.
/// </remarks>
/// <param name="Ascii">Bit c: the ASCII character c is in the set.</param>
/// <param name="NonAscii">Whether all characters beyond ASCII are in the set; false: none.</param>
/// <param name="Most">How many in a row keep the promise; <see cref="int.MaxValue"/>: any number, and they lead back to the very same object.</param>
public readonly record struct LoopHint(UInt128 Ascii, bool NonAscii, int Most)
{
    /// <summary>Whether the set's characters lead back to the state itself.</summary>
    public bool IsUnbounded => Most == int.MaxValue;
}
