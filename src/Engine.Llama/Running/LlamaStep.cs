using Penstock.Engine.Llama.Contexts;
using Penstock.Engine.Running;

namespace Penstock.Engine.Llama.Running;

/// <summary>Computes a step as one or more calls, see <see cref="StepPart"/>. It stores cells and knows nothing of the books.</summary>
/// <param name="context">What computes.</param>
/// <param name="adapters">What slices may use.</param>
/// <param name="sizes">Of the outputs.</param>
/// <param name="maxRows">Most rows of a step.</param>
/// <param name="rowByRow">Every row in a call of its own.</param>
internal sealed class LlamaStep(LlamaContext context, LlamaAdapterStore adapters, OutputSizes sizes, int maxRows, bool rowByRow)
{
    private static readonly StepPart[] Parts = Enum.GetValues<StepPart>();

    // The output that each row of the call makes, or -1.
    private readonly int[] outputOfRow = new int[context.RowCapacity];

    // Whether the logits of the last part may stay where the library put them: it is one call.
    private bool lastPartIsOneCall;

    public StepOutputs Outputs { get; } = new(context, sizes, maxRows);

    public DecodeOutcome Run(StepBatch batch, AbortSignal abort)
    {
        Begin(batch.Slices);
        foreach (var part in Parts)
        {
            for (var i = 0; i < batch.Slices.Length; i++)
            {
                if (!IsFirst(batch.Slices, i, part))
                    continue;

                context.Use(adapters.Find(batch.Slices[i].Adapter), batch.Slices[i].Adapter.Scale);
                var outcome = Run(batch, part, batch.Slices[i].Adapter, abort);
                if (outcome != DecodeOutcome.Completed)
                {
                    Outputs.Abandon();
                    return outcome;
                }
            }
        }

        return DecodeOutcome.Completed;
    }

    private static StepPart PartOf(StepSlice slice) => slice switch
    {
        { Output: SliceOutput.Hidden } => StepPart.Hidden,
        { Output: SliceOutput.EveryRow, Count: > 1 } => StepPart.EveryRow,
        _ => StepPart.Rows,
    };

    // Whether it is the first of its part with its adapter.
    private static bool IsFirst(ReadOnlySpan<StepSlice> slices, int index, StepPart part)
    {
        if (PartOf(slices[index]) != part)
            return false;
        foreach (var slice in slices[..index])
        {
            if (slice.Adapter == slices[index].Adapter && PartOf(slice) == part)
                return false;
        }

        return true;
    }

    private void Begin(ReadOnlySpan<StepSlice> slices)
    {
        lastPartIsOneCall = !rowByRow;
        foreach (var slice in slices)
            lastPartIsOneCall &= slice.Adapter == slices[0].Adapter;

        var (outputs, floats) = (0, 0L);
        foreach (var slice in slices)
        {
            var count = StepOutputs.CountOf(slice);
            outputs += count;
            floats += PartOf(slice) switch
            {
                StepPart.Rows when lastPartIsOneCall => 0,
                StepPart.Hidden => (long)count * sizes.EmbeddingWidth,
                _ => (long)count * sizes.VocabularySize,
            };
        }

        Outputs.Begin(outputs, floats);
    }

    private DecodeOutcome Run(StepBatch batch, StepPart part, AdapterUse adapter, AbortSignal abort)
    {
        context.Clear();
        var output = 0;
        foreach (var slice in batch.Slices)
        {
            var first = output;
            output += StepOutputs.CountOf(slice);
            if (PartOf(slice) != part || slice.Adapter != adapter)
                continue;

            for (var i = 0; i < slice.Count; i++)
            {
                if (IsFull(part) && Compute(part, abort) is var full and not DecodeOutcome.Completed)
                    return full;

                var index = slice.Output switch
                {
                    SliceOutput.None => -1,
                    SliceOutput.LastRow => i == slice.Count - 1 ? first : -1,
                    _ => first + i,
                };
                outputOfRow[context.RowCount] = index;
                context.Add(slice.Sequence, slice.Position + i, batch.Tokens[slice.Offset + i], index >= 0);
            }
        }

        return context.RowCount > 0 ? Compute(part, abort) : DecodeOutcome.Completed;
    }

    private bool IsFull(StepPart part) => rowByRow
        ? context.RowCount > 0
        : part is StepPart.EveryRow or StepPart.Hidden && context.RowCount == context.OutputCapacity;

    private DecodeOutcome Compute(StepPart part, AbortSignal abort)
    {
        if (abort.Raised)
            return DecodeOutcome.Aborted;

        var outcome = context.Run(part == StepPart.Hidden, abort);
        if (outcome != DecodeOutcome.Completed)
            return outcome;

        var stays = part == StepPart.Rows && lastPartIsOneCall;
        for (var row = 0; row < context.RowCount; row++)
        {
            if (outputOfRow[row] >= 0)
                Outputs.Take(outputOfRow[row], row, part, stays);
        }

        if (!stays)
            context.Clear();
        return DecodeOutcome.Completed;
    }
}
