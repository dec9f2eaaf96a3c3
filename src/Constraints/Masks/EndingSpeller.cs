using System.Buffers;

namespace Penstock.Constraints.Masks;

/// <summary>Writes the shortest known ending of a state in tokens. Scratch of one thread.</summary>
internal sealed class EndingSpeller(VocabularyTrie vocabulary)
{
    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly List<int> tokens = [];

    /// <summary>The ending's tokens, the longest first at each place; null where the vocabulary cannot spell it.</summary>
    public int[]? Spell(ConstraintState state)
    {
        if (state.IsAccepting)
            return [];

        bytes.ResetWrittenCount();
        tokens.Clear();
        state.WriteEnding(bytes);
        return vocabulary.TrySpell(bytes.WrittenSpan, tokens) ? [.. tokens] : null;
    }
}
