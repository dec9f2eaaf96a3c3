using Penstock.Constraints;
using Penstock.Constraints.Masks;

namespace Penstock.Engine.Constraining;

/// <summary>What a whole answer must be (thinking, text and calls), ready for the loop. Shared by the requests that ask for the same.</summary>
/// <param name="Start">Where an answer begins. From the first request on it belongs to the loop's thread.</param>
/// <param name="Masks">The masks of its states, over the model's vocabulary; the loop's too.</param>
/// <param name="LeastTokens">Tokens of the shortest answer that is known.</param>
/// <param name="StripsLeadingSpace">Whether the first space of the text is not shown.</param>
/// <param name="Notices">What the client should be told of it.</param>
internal sealed record CompiledConstraint(ConstraintState Start, MaskBuilder Masks, int LeastTokens, bool StripsLeadingSpace, IReadOnlyList<string> Notices)
{
    /// <summary>A cursor for one choice. On the loop's thread.</summary>
    public ConstraintCursor Begin() => new(Start, Masks, StripsLeadingSpace);
}
