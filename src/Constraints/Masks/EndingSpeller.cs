using System.Buffers;
using System.Runtime.InteropServices;

namespace Penstock.Constraints.Masks;

/// <summary>Writes the shortest known ending of a state in tokens, the longest first at each place. Scratch of one thread.</summary>
internal sealed class EndingSpeller(VocabularyTrie vocabulary)
{
    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly List<int> tokens = [];

    /// <summary>What was spelled last; valid until the next time.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(tokens);

    /// <summary>False where the vocabulary has no token for some byte of the ending.</summary>
    public bool TrySpell(ConstraintState state)
    {
        bytes.ResetWrittenCount();
        tokens.Clear();
        if (!state.IsAccepting)
            state.WriteEnding(bytes);
        return vocabulary.TrySpell(bytes.WrittenSpan, tokens);
    }
}
