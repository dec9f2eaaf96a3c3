using Penstock.Contracts.Generation;
using Penstock.Engine.Constraining;
using Penstock.Engine.Sampling;
using Penstock.Engine.Serving.Gaps;
using Penstock.Engine.Serving.Loop;
using Penstock.Engine.Serving.Text;

namespace Penstock.Engine.Serving.Requests;

/// <summary>One choice of a generation: how it samples and what it has said.</summary>
internal sealed class GenerationChoice(SamplingState sampling, ChoiceText text, ConstrainedSampling? constrained = null)
{
    private long lastTokenAt;
    private StepEvents lastEvents;
    private int lastPreemptions;
    private TokenDigest digest;

    public ChoiceText Text { get; } = text;

    /// <summary>What it must say; null = anything.</summary>
    public ConstrainedSampling? Constrained { get; } = constrained;

    public bool Done { get; set; }

    public int Sampled => sampling.Position;

    /// <summary>Of the tokens so far.</summary>
    public TokenDigest Digest => digest;

    /// <summary>Samples the next token.</summary>
    /// <param name="logits">Overwritten.</param>
    /// <param name="step">The step that computed them.</param>
    /// <param name="gaps">Takes in the time since the token before.</param>
    /// <param name="preemptions">How often the request gave way so far.</param>
    /// <param name="token">The token, where one was sampled.</param>
    /// <param name="logProb">The token's log-probability, when asked for.</param>
    public SampleOutcome Sample(Span<float> logits, StepContext step, GapTally gaps, int preemptions, out int token, out TokenLogProb? logProb)
    {
        var top = sampling.Options.TopLogProbs;
        if (top is not null)
            step.Distribution.Capture(logits);

        logProb = null;
        var outcome = Constrained is null ? Free(logits, step, out token) : Constrained.Sample(logits, sampling, step, out token);
        if (outcome != SampleOutcome.Sampled)
            return outcome;

        if (top is not null)
            logProb = Describe(token, step, top.Value);
        sampling.Add(token);
        digest.Add(token, step.Sampler.Margin);
        if (lastTokenAt != 0)
            gaps.Add(step.Time.GetElapsedTime(lastTokenAt, step.Now), step.Gaps, lastEvents, preemptions > lastPreemptions);
        (lastTokenAt, lastEvents, lastPreemptions) = (step.Now, step.Gaps.Now, preemptions);
        return outcome;
    }

    /// <summary>Takes in a token that must come and need not be sampled, where one is known. Log-probabilities are the model's: who asks for them has every token sampled.</summary>
    public bool TryForce(out int token)
    {
        token = default;
        if (Constrained is null || sampling.Options.TopLogProbs is not null || !Constrained.TryForce(sampling, out token))
            return false;

        sampling.Add(token);
        digest.Add(token, margin: 0);
        return true;
    }

    private SampleOutcome Free(Span<float> logits, StepContext step, out int token)
    {
        token = step.Sampler.Sample(logits, sampling);
        return token == Sampler.NotFinite ? SampleOutcome.NotFinite : SampleOutcome.Sampled;
    }

    private static TokenLogProb Describe(int token, StepContext step, int top)
    {
        var alternatives = Array.ConvertAll(step.Distribution.Top(top), other => Entry(other, []));
        return Entry(token, alternatives);

        TokenLogProb Entry(int id, IReadOnlyList<TokenLogProb> others) =>
            new(id, step.Tokenizer.Bytes(id, special: true).ToArray(), step.Distribution.LogProb(id), others);
    }
}
