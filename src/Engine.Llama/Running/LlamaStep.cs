using Penstock.Engine.Llama.Contexts;
using Penstock.Engine.Running;

namespace Penstock.Engine.Llama.Running;

/// <summary>Computes a step as one or more calls, see <see cref="StepPart"/>. It stores cells and knows nothing of the books.</summary>
internal sealed class LlamaStep(LlamaContext context, int vocabularySize, int embeddingWidth)
{
    private static readonly StepPart[] Parts = Enum.GetValues<StepPart>();

    // The output that each row of the call makes, or -1.
    private readonly int[] outputOfRow = new int[context.RowCapacity];

    public StepOutputs Outputs { get; } = new(context, vocabularySize, embeddingWidth, context.RowCapacity);

    public DecodeOutcome Run(StepBatch batch, AbortSignal abort)
    {
        Begin(batch);
        foreach (var part in Parts)
        {
            var outcome = Run(batch, part, abort);
            if (outcome != DecodeOutcome.Completed)
            {
                Outputs.Abandon();
                return outcome;
            }
        }

        return DecodeOutcome.Completed;
    }

    private static StepPart PartOf(StepSlice slice) => slice switch
    {
        { Output: SliceOutput.Hidden } => StepPart.Hidden,
        { Count: 1 } => StepPart.Decode,
        { Output: SliceOutput.EveryRow } => StepPart.EveryRow,
        _ => StepPart.Prefill,
    };

    private void Begin(StepBatch batch)
    {
        var (outputs, floats) = (0, 0L);
        foreach (var slice in batch.Slices)
        {
            var count = StepOutputs.CountOf(slice);
            outputs += count;
            floats += PartOf(slice) switch
            {
                StepPart.Decode => 0,
                StepPart.Hidden => (long)count * embeddingWidth,
                _ => (long)count * vocabularySize,
            };
        }

        Outputs.Begin(outputs, floats);
    }

    private DecodeOutcome Run(StepBatch batch, StepPart part, AbortSignal abort)
    {
        context.Clear();
        var output = 0;
        foreach (var slice in batch.Slices)
        {
            var first = output;
            output += StepOutputs.CountOf(slice);
            if (PartOf(slice) != part)
                continue;

            for (var i = 0; i < slice.Count; i++)
            {
                if (part is StepPart.EveryRow or StepPart.Hidden && context.RowCount == context.OutputCapacity && Compute(part, abort) is var full and not DecodeOutcome.Completed)
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

    // Rows of the decode part stay in the context, where their logits are read; those of the others make room.
    private DecodeOutcome Compute(StepPart part, AbortSignal abort)
    {
        if (abort.Raised)
            return DecodeOutcome.Aborted;

        var outcome = context.Run(part == StepPart.Hidden, abort);
        if (outcome != DecodeOutcome.Completed)
            return outcome;

        for (var row = 0; row < context.RowCount; row++)
        {
            if (outputOfRow[row] >= 0)
                Outputs.Take(outputOfRow[row], row, part);
        }

        if (part != StepPart.Decode)
            context.Clear();
        return DecodeOutcome.Completed;
    }
}
