using Penstock.Engine.Constraining;
using Penstock.Engine.Running;
using Penstock.Engine.Sampling;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Serving.Gaps;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Serving.Loop;

/// <summary>What requests need to take the results of a step: the runner's outputs, the loop's scratch, and where decisions go. One a loop.</summary>
internal sealed class StepContext(IModelRunner runner, ITokenizer tokenizer, TimeProvider time, TimeSpan? gapTarget)
{
    private readonly float[] copy = new float[runner.Capabilities.VocabularySize];
    private Distribution? distribution;
    private ResistanceTally resistance;

    public IModelRunner Runner { get; } = runner;

    public ITokenizer Tokenizer { get; } = tokenizer;

    public Sampler Sampler { get; } = new(runner.Capabilities.VocabularySize);

    /// <summary>The clock of <see cref="Now"/>.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>What the steps so far did to the streams.</summary>
    public GapWatch Gaps { get; } = new(gapTarget);

    public StepResult Result { get; } = new();

    /// <summary>When the step had been computed.</summary>
    public long Now { get; set; }

    /// <summary>Tokens sampled since the start.</summary>
    public long Sampled { get; set; }

    /// <summary>Those of them that a constraint left no choice about, so that no step computed logits for them.</summary>
    public long Forced { get; set; }

    /// <summary>What constraints' masks removed since the start.</summary>
    public ref ResistanceTally Resistance => ref resistance;

    /// <summary>For requests with log-probabilities; made when the first of them comes.</summary>
    public Distribution Distribution => distribution ??= new Distribution(Runner.Capabilities.VocabularySize);

    /// <summary>Logits of an output that may be overwritten while others still need them.</summary>
    public Span<float> CopyLogits(int output)
    {
        Runner.Logits(output).CopyTo(copy);
        return copy;
    }
}
