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
    private ConstraintCursor? cursor;
    private ResistanceTally resistance;
    private int[] forced = [];
    private int forcedCount;
    private int forcedTaken;

    public ref readonly ResistanceTally Resistance => ref resistance;

    /// <summary>Whether the text is whole and nothing may follow.</summary>
    public bool IsComplete
    {
        get
        {
            try
            {
                return cursor!.IsComplete;
            }
            catch (ConstraintLimitException)
            {
                // The next token finds the same bound, and says so.
                return false;
            }
        }
    }

    /// <summary>Whether the text is whole because it was ended for want of tokens.</summary>
    public bool IsCut => cursor!.IsEnding && cursor.IsAccepting;

    /// <summary>Chooses the next token among those allowed, and moves on.</summary>
    /// <param name="logits">Overwritten.</param>
    /// <param name="sampling">The choice's.</param>
    /// <param name="step">The step that computed them.</param>
    /// <param name="token">The token, where one was sampled.</param>
    public SampleOutcome Sample(Span<float> logits, SamplingState sampling, StepContext step, out int token)
    {
        try
        {
            return SampleBounded(logits, sampling, step, out token);
        }
        catch (ConstraintLimitException)
        {
            constraint.Spend();
            token = Sampler.NotFinite;
            return SampleOutcome.Exhausted;
        }
    }

    /// <summary>Moves on by a token that must come whatever the model says, where one is known.</summary>
    /// <param name="sampling">The choice's.</param>
    /// <param name="token">The token.</param>
    /// <returns>False where the next token is the model's to choose.</returns>
    public bool TryForce(SamplingState sampling, out int token)
    {
        token = ConstraintCursor.NoToken;
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

    private SampleOutcome SampleBounded(Span<float> logits, SamplingState sampling, StepContext step, out int token)
    {
        token = ConstraintCursor.NoToken;
        var left = mostTokens - sampling.Position;
        cursor ??= constraint.Begin();
        if (cursor.IsEnding)
            return Append(cursor.Take(0, left), out token);

        var started = step.Time.GetTimestamp();
        var mask = cursor.Mask;
        if (mask.IsEmpty)
            return SampleOutcome.Stuck;

        var removed = mask.ApplyAndMeasure(logits);
        step.Gaps.NoteMasks(step.Time.GetElapsedTime(started));
        for (var sampled = step.Sampler.Sample(logits, sampling); ; sampled = step.Sampler.SampleAnother(logits, sampling, sampled))
        {
            if (sampled == Sampler.NotFinite)
                return SampleOutcome.NotFinite;

            // The end may be sampled where the text is whole, and adds nothing to it.
            var taken = step.Tokenizer.EndsGeneration(sampled) ? sampled : cursor.Take(sampled, left);
            if (taken == ConstraintCursor.Refused)
                continue;

            resistance.Add(removed);
            step.Resistance.Add(removed);
            return Append(taken, out token);
        }
    }

    private static SampleOutcome Append(int taken, out int token)
    {
        token = taken;
        return taken == ConstraintCursor.NoToken ? SampleOutcome.Whole : SampleOutcome.Sampled;
    }
}
