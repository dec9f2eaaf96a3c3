using Penstock.Contracts.Generation;
using Penstock.Engine.Sampling;
using Penstock.Engine.Serving.Loop;
using Penstock.Engine.Serving.Text;

namespace Penstock.Engine.Serving.Requests;

/// <summary>One choice of a generation: how it samples and what it has said.</summary>
internal sealed class GenerationChoice(SamplingState sampling, ChoiceText text)
{
    private long lastTokenAt;

    public ChoiceText Text { get; } = text;

    public bool Done { get; set; }

    public int Sampled => sampling.Position;

    /// <summary>Longest time between two consecutive tokens, in timestamp units; 0 before the second.</summary>
    public long LargestGap { get; private set; }

    /// <summary>Samples the next token.</summary>
    /// <returns>The token or <see cref="Sampler.NotFinite"/>.</returns>
    public int Sample(Span<float> logits, StepContext step, out TokenLogProb? logProb)
    {
        var top = sampling.Options.TopLogProbs;
        if (top is not null)
            step.Distribution.Capture(logits);

        logProb = null;
        var token = step.Sampler.Sample(logits, sampling);
        if (token == Sampler.NotFinite)
            return token;

        if (top is not null)
            logProb = Describe(token, step, top.Value);
        sampling.Add(token);
        if (lastTokenAt != 0)
            LargestGap = Math.Max(LargestGap, step.Now - lastTokenAt);
        lastTokenAt = step.Now;
        return token;
    }

    private static TokenLogProb Describe(int token, StepContext step, int top)
    {
        var alternatives = Array.ConvertAll(step.Distribution.Top(top), other => Entry(other, []));
        return Entry(token, alternatives);

        TokenLogProb Entry(int id, IReadOnlyList<TokenLogProb> others) =>
            new(id, step.Tokenizer.Bytes(id, special: true).ToArray(), step.Distribution.LogProb(id), others);
    }
}
