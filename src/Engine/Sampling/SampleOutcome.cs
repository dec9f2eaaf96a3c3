namespace Penstock.Engine.Sampling;

/// <summary>What came of sampling a token.</summary>
internal enum SampleOutcome
{
    /// <summary>There is one.</summary>
    Sampled,

    /// <summary>The constrained text is whole, and no token fits any more.</summary>
    Whole,

    /// <summary>No logit is a number.</summary>
    NotFinite,

    /// <summary>The vocabulary cannot say what the constraint needs next.</summary>
    Stuck,

    /// <summary>The constraint has met a bound of time or memory.</summary>
    Exhausted,
}
