using Penstock.Constraints;
using Penstock.Constraints.Masks;

namespace Penstock.Engine.Constraining;

/// <summary>What a whole answer must be (thinking, text and calls), ready for the loop. Shared by the requests that ask for the same.</summary>
/// <param name="Start">Where an answer begins. From the first request on it belongs to the loop's thread.</param>
/// <param name="Masks">The masks of its states, over the model's vocabulary; the loop's too.</param>
/// <param name="StripsLeadingSpace">Whether the first space of the text is not shown.</param>
/// <param name="Notices">What the client should be told of it.</param>
internal sealed record CompiledConstraint(ConstraintState Start, MaskBuilder Masks, bool StripsLeadingSpace, IReadOnlyList<string> Notices)
{
    private volatile bool spent;

    /// <summary>Tokens of the shortest answer that is known.</summary>
    public int LeastTokens { get; init; }

    /// <summary>Whether an answer has met one of its bounds. Some of these count what is kept over all its answers, so the next request does better with a new one. Any thread may ask.</summary>
    public bool IsSpent => spent;

    /// <summary>A cursor for one choice. On the loop's thread.</summary>
    public ConstraintCursor Begin() => new(Start, Masks, StripsLeadingSpace);

    /// <summary>An answer has met a bound.</summary>
    public void Spend() => spent = true;
}
