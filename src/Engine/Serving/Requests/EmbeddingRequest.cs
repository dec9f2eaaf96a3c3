using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Serving.Loop;
using Penstock.Models.Description;

namespace Penstock.Engine.Serving.Requests;

/// <summary>An embedding request in the engine: each input is a prompt whose hidden states are pooled as its chunks are computed.</summary>
internal sealed class EmbeddingRequest : EngineRequest
{
    private readonly PoolingType pooling;
    private readonly float[][] vectors;
    private int done;

    public EmbeddingRequest(IReadOnlyList<int[]> inputs, PoolingType pooling, int width, GroupTerms? terms = null)
    {
        this.pooling = pooling;
        vectors = new float[inputs.Count][];
        var groups = new RequestGroup[inputs.Count];
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = new RequestGroup(this, i, inputs[i], maxOutputTokens: 0, choices: 1, terms ?? GroupTerms.Default);
            vectors[i] = new float[width];
        }

        Groups = groups;
    }

    public override IReadOnlyList<RequestGroup> Groups { get; }

    public override bool Complete => done == vectors.Length;

    /// <summary>One an input, of unit length, once complete.</summary>
    public IReadOnlyList<float[]> Vectors => vectors;

    public override PenstockError? Take(PlannedSlice slice, StepContext step)
    {
        var vector = vectors[((RequestGroup)slice.Group).Index];
        for (var row = 0; row < slice.Rows; row++)
        {
            if (Counts(slice, row))
                Add(step.Runner.Hidden(slice.Output + row), vector);
        }

        if (!slice.CompletesPrompt)
            return null;

        done++;
        return Normalize(vector)
            ? null
            : new PenstockError(ErrorCode.RunnerFailed, "The model's hidden states were zero or not a number. Try again; if it happens again the model file or the backend is damaged.");
    }

    protected override GenerationSummary Summarize(long now) => new()
    {
        Tokens = PromptCounts(),
        ScheduledAt = ScheduledAt(),
        EndedAt = now,
        Preemptions = Groups.Sum(group => group.Preemptions),
        FinishReason = Ending.Reason,
        FinishCause = Ending.By,
        FinishPhase = Admitted ? RequestPhase.Prefill : RequestPhase.Schedule,
    };

    private bool Counts(PlannedSlice slice, int row) => pooling switch
    {
        PoolingType.Cls => slice.Start + row == 0,
        PoolingType.Last => slice.CompletesPrompt && row == slice.Rows - 1,
        _ => true,
    };

    private static void Add(ReadOnlySpan<float> hidden, Span<float> sum)
    {
        for (var i = 0; i < sum.Length; i++)
            sum[i] += hidden[i];
    }

    // The mean's divisor falls away with the length.
    private static bool Normalize(Span<float> vector)
    {
        var squares = 0.0;
        foreach (var value in vector)
            squares += (double)value * value;

        if (!double.IsFinite(squares) || squares == 0)
            return false;

        var factor = (float)(1 / Math.Sqrt(squares));
        foreach (ref var value in vector)
            value *= factor;
        return true;
    }
}
