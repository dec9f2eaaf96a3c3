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
