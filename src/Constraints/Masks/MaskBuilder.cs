namespace Penstock.Constraints.Masks;

/// <summary>
/// The masks of one constraint over one vocabulary, remembered by state and so shared by every request that has the same constraint. Not thread-safe:
/// it belongs to the thread that its states belong to, the model's loop.
/// </summary>
public sealed class MaskBuilder
{
    /// <summary>Bytes of masks that are remembered unless told otherwise: some 1,300 of them at 102,400 tokens.</summary>
    public const long UsualMemoBytes = 16 << 20;

    private readonly StateMemo memo;
    private readonly MaskWalk walk;
    private readonly EndingSpeller endings;
    private (ConstraintState Start, LeadingSpaceState Spaced)? spaced;

    /// <param name="vocabulary">Whose tokens are masked.</param>
    /// <param name="memoBytes">Bytes of masks that are remembered at most; those not asked for lately are forgotten first.</param>
    /// <param name="work">What one mask, one move and one look ahead may cost each, past which they throw; null for the usual bounds.</param>
    public MaskBuilder(VocabularyTrie vocabulary, long memoBytes = UsualMemoBytes, WorkBudget? work = null)
    {
        Work = work ?? new WorkBudget();
        Vocabulary = vocabulary;
        memo = new StateMemo(memoBytes);
        walk = new MaskWalk(vocabulary);
        endings = new EndingSpeller(vocabulary);
        ForcedText = new ForcedText(vocabulary);
    }

    /// <summary>Whose tokens are masked.</summary>
    public VocabularyTrie Vocabulary { get; }

    /// <summary>What is spent on one token.</summary>
    internal WorkBudget Work { get; }

    /// <summary>Finds what must follow.</summary>
    internal ForcedText ForcedText { get; }

    /// <summary>
    /// The tokens that may follow: those that lead to a state which exists, and the end-of-generation tokens exactly where the state is accepting. A few more where
    /// the state has an <see cref="ConstraintState.Outline"/>: stepping through the token's bytes decides.
    /// </summary>
    /// <exception cref="ConstraintLimitException">The constraint makes more states than may be found in time.</exception>
    public TokenMask MaskOf(ConstraintState state) => MaskOf(FactsOf(state));

    internal StateFacts FactsOf(ConstraintState state) => memo.Of(state);

    internal TokenMask MaskOf(StateFacts facts)
    {
        if (facts.Mask is { } known)
            return known;

        using var scope = Work.Open();
        var outline = facts.State.Outline;
        if (!ReferenceEquals(outline, facts.State))
            return facts.Mask = MaskOf(FactsOf(outline));

        return facts.Mask = walk.MaskOf(outline, memo);
    }

    /// <summary>Tokens of the shortest known ending; <see cref="int.MaxValue"/> where the vocabulary cannot spell it.</summary>
    internal int EndingTokensOf(StateFacts facts)
    {
        if (facts.EndingTokens < 0)
        {
            using var scope = Work.Open();
            facts.EndingTokens = endings.TrySpell(facts.State) ? endings.Tokens.Length : int.MaxValue;
        }

        return facts.EndingTokens;
    }

    /// <summary>The shortest known ending in tokens; null where the vocabulary cannot spell it.</summary>
    internal int[]? EndingOf(StateFacts facts)
    {
        using var scope = Work.Open();
        return endings.TrySpell(facts.State) ? endings.Tokens.ToArray() : null;
    }

    /// <summary>The start with a space in front that does not count; the same object for the same start, so that its masks are shared.</summary>
    internal LeadingSpaceState Spaced(ConstraintState start)
    {
        if (spaced is not { } known || known.Start != start)
            spaced = known = (start, new LeadingSpaceState(start));
        return known.Spaced;
    }
}
