using Penstock.Constraints;
using Penstock.Constraints.Masks;
using Penstock.Engine.Sampling;
using Penstock.Engine.Serving.Loop;

namespace Penstock.Engine.Constraining;

/// <summary>One choice's way through its constraint: lays the masks, keeps the cursor, counts what the model wanted else. On the loop's thread.</summary>
/// <param name="constraint">The constraint.</param>
/// <param name="mostTokens">Most tokens of the choice.</param>
internal sealed class ConstrainedSampling(CompiledConstraint constraint, int mostTokens)
{
    /// <summary>Given for a token where the text is whole and none fits any more.</summary>
    public const int NoToken = -2;

    /// <summary>Given for a token where the vocabulary cannot say what must come.</summary>
    public const int Stuck = -3;

    /// <summary>Given for a token where the constraint has met a bound of memory.</summary>
    public const int Exhausted = -4;

    private ConstraintCursor? cursor;
    private ResistanceTally resistance;
    private int[] forced = [];
    private int forcedCount;
    private int forcedTaken;

    public ref readonly ResistanceTally Resistance => ref resistance;

    /// <summary>Whether the text is whole and nothing may follow.</summary>
    public bool IsComplete => cursor!.IsComplete;

    /// <summary>Whether the text is whole because it was ended for want of tokens.</summary>
    public bool IsCut => cursor!.IsEnding && cursor.IsAccepting;

    /// <summary>Chooses the next token among those allowed, and moves on.</summary>
    /// <param name="logits">Overwritten.</param>
    /// <param name="sampling">The choice's.</param>
    /// <param name="step">The step that computed them.</param>
    /// <returns>A token, <see cref="Sampler.NotFinite"/>, <see cref="NoToken"/>, <see cref="Stuck"/> or <see cref="Exhausted"/>.</returns>
    public int Sample(Span<float> logits, SamplingState sampling, StepContext step)
    {
        try
        {
            return SampleBounded(logits, sampling, step);
        }
        catch (ConstraintLimitException)
        {
            return Exhausted;
        }
    }

    /// <summary>Moves on by a token that must come whatever the model says, where one is known.</summary>
    /// <param name="sampling">The choice's.</param>
    /// <param name="token">The token.</param>
    /// <returns>False where the next token is the model's to choose.</returns>
    public bool TryForce(SamplingState sampling, out int token)
    {
        token = NoToken;
        try
        {
            var left = mostTokens - sampling.Position;
            if (left == 0 || (forcedTaken == forcedCount && !Foresee(left)))
                return false;

            var foreseen = forced[forcedTaken++];
            token = cursor!.Take(foreseen, left);

            // Where the ending had to begin instead, what was foreseen does not come.
            if (token != foreseen)
                forcedTaken = forcedCount;
            return token >= 0;
        }
        catch (ConstraintLimitException)
        {
            // The next token finds the same bound, and says so.
            return false;
        }
    }

    private bool Foresee(int left)
    {
        var tokens = cursor!.Forced(left);
        if (forced.Length < tokens.Length)
            forced = new int[Math.Max(16, tokens.Length)];
        tokens.CopyTo(forced);
        (forcedCount, forcedTaken) = (tokens.Length, 0);
        return forcedCount > 0;
    }

    private static int Append(int taken) => taken == ConstraintCursor.NoToken ? NoToken : taken;

    private int SampleBounded(Span<float> logits, SamplingState sampling, StepContext step)
    {
        var left = mostTokens - sampling.Position;
        cursor ??= constraint.Begin();
        if (cursor.IsEnding)
            return Append(cursor.Take(0, left));

        var started = step.Time.GetTimestamp();
        var mask = cursor.Mask;
        if (mask.IsEmpty)
            return Stuck;

        var removed = mask.ApplyAndMeasure(logits);
        step.Gaps.NoteMasks(step.Time.GetElapsedTime(started));
        for (var token = step.Sampler.Sample(logits, sampling); ; token = step.Sampler.SampleAnother(logits, sampling, token))
        {
            if (token == Sampler.NotFinite)
                return token;

            // The end may be sampled where the text is whole, and adds nothing to it.
            var taken = step.Tokenizer.EndsGeneration(token) ? token : cursor.Take(token, left);
            if (taken == ConstraintCursor.Refused)
                continue;

            resistance.Add(removed);
            step.Resistance.Add(removed);
            return Append(taken);
        }
    }
}
