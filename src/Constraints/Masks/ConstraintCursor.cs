namespace Penstock.Constraints.Masks;

/// <summary>
/// Where one generated choice stands in its constraint. Gives the mask of the next token, moves on with each token, and sees to it that the text can always be
/// ended validly within the tokens that are left. Not thread-safe; belongs to the thread of its <see cref="MaskBuilder"/>.
/// </summary>
/// <remarks>
/// The invariant: the tokens that are left are never fewer than those of a known ending. It holds at the start where <see cref="EndingTokens"/> is at most the
/// budget, and <see cref="Take"/> keeps it: a token whose ending would not fit is replaced by the first of the ending that does. So an ending is never needed
/// that was not known before.
/// </remarks>
public sealed class ConstraintCursor
{
    /// <summary>What <see cref="Take"/> gives where the text must end as it is and no token is appended.</summary>
    public const int NoToken = -1;

    /// <summary>What <see cref="Take"/> gives for a token that the constraint does not take here; nothing has changed.</summary>
    public const int Refused = -2;

    private readonly MaskBuilder masks;
    private StateFacts facts;
    private int[]? ending;
    private int endingTaken;
    private int last = NoToken;

    /// <param name="start">Where the constrained text begins.</param>
    /// <param name="masks">The constraint's masks.</param>
    /// <param name="stripsLeadingSpace">
    /// Whether the text's first space is dropped when it is shown (a <see cref="Models.Tokenization.StreamingDetokenizer"/> that starts a text of a SentencePiece
    /// vocabulary): then one is allowed, and does not count.
    /// </param>
    public ConstraintCursor(ConstraintState start, MaskBuilder masks, bool stripsLeadingSpace = false)
    {
        this.masks = masks;
        facts = masks.FactsOf(stripsLeadingSpace ? masks.Spaced(start) : start);
    }

    /// <summary>The tokens that may come next, and hardly ever one that <see cref="Take"/> refuses (<see cref="ConstraintState.Outline"/>). End-of-generation tokens are among them exactly where <see cref="IsAccepting"/>. Allocates nothing where the state is known.</summary>
    public TokenMask Mask => masks.MaskOf(facts);

    /// <summary>Whether the text so far is whole and valid.</summary>
    public bool IsAccepting => facts.State.IsAccepting;

    /// <summary>Whether the text is whole and no token can follow but the end.</summary>
    public bool IsComplete => IsAccepting && ((ending is not null && endingTaken == ending.Length) || Mask.Count == masks.Vocabulary.EndTokens.Length);

    /// <summary>Whether no token can follow and the text is not whole: the vocabulary has no token for a byte that is needed. Never where <see cref="Take"/> led and <see cref="EndingTokens"/> was finite at the start.</summary>
    public bool IsStuck => Mask.IsEmpty;

    /// <summary>Whether the stored ending is being taken, whatever is sampled: the text was cut by its budget.</summary>
    public bool IsEnding => ending is not null;

    /// <summary>Tokens of the shortest known ending from here, 0 where accepting; <see cref="int.MaxValue"/> where the vocabulary cannot spell it.</summary>
    public int EndingTokens => ending is not null ? ending.Length - endingTaken : masks.EndingTokensOf(facts);

    /// <summary>Moves on by one token.</summary>
    /// <param name="sampled">A token of <see cref="Mask"/>, not one that ends the generation.</param>
    /// <param name="tokensLeft">Tokens that may still be appended, this one included: at least 1.</param>
    /// <returns>The token that is really appended: <paramref name="sampled"/>, or the ending's next where what follows the sampled one could not be ended in time, <see cref="NoToken"/> where that ending is empty, <see cref="Refused"/> where the token may not come here.</returns>
    /// <exception cref="ConstraintLimitException">The constraint makes more states than may be found in time; nothing has changed.</exception>
    public int Take(int sampled, int tokensLeft)
    {
        using var scope = masks.Work.Open();
        if (ending is null)
        {
            if (After(sampled) is not { } after)
                return Refused;

            var next = masks.FactsOf(after);
            if (masks.EndingTokensOf(next) <= tokensLeft - 1 || masks.EndingOf(facts) is not { } stored)
            {
                facts = next;
                return last = sampled;
            }

            ending = stored;
        }

        if (endingTaken == ending.Length)
            return NoToken;

        var token = ending[endingTaken++];
        facts = masks.FactsOf(After(token) ?? throw new InvalidOperationException("A state's ending does not lead to an accepting state."));
        return last = token;
    }

    /// <summary>
    /// The tokens that come next whatever the model wants, as its own tokenizer writes them, for appending without a forward pass each. To be given to
    /// <see cref="Take"/> one by one.
    /// </summary>
    /// <param name="tokensLeft">Tokens that may still be appended.</param>
    /// <returns>Often none; at most so many that the text can be ended afterwards.</returns>
    public ReadOnlySpan<int> Forced(int tokensLeft)
    {
        if (ending is not null)
            return ending.AsSpan(endingTaken);

        using var scope = masks.Work.Open();
        facts.Forced ??= masks.ForcedText.Bytes(facts.State);
        if (facts.Forced.Length < 2)
            return [];

        var tokens = masks.ForcedText.Tokens(facts.Forced, last);
        return tokens.AsSpan(0, Math.Min(tokens.Length, Math.Max(0, tokensLeft)));
    }

    private ConstraintState? After(int token)
    {
        var state = facts.State;
        foreach (var value in masks.Vocabulary.BytesOf(token))
        {
            if (state.Step(value) is not { } next)
                return null;
            state = next;
        }

        return state;
    }
}
