using Penstock.Engine.Llama.Contexts;
using Penstock.Engine.Running;

namespace Penstock.Engine.Llama.Running;

/// <summary>
/// Where the outputs of a step are: those of its last call in the library's memory, those of the calls before, which the library
/// has overwritten since, in a buffer of ours. Numbered as the slices were given. Reused from step to step.
/// </summary>
internal sealed class StepOutputs(LlamaContext context, OutputSizes sizes, int maxRows)
{
    private readonly Place[] places = new Place[maxRows];
    private float[] kept = [];
    private int keptCount;

    private enum Kind
    {
        InContext,
        KeptLogits,
        KeptHidden,
    }

    public int Count { get; private set; }

    /// <summary>Starts a step.</summary>
    /// <param name="outputs">Outputs that it will have.</param>
    /// <param name="floatsToKeep">Floats of those outputs that its last call does not compute.</param>
    public void Begin(int outputs, long floatsToKeep)
    {
        if (kept.Length < floatsToKeep)
            kept = GC.AllocateUninitializedArray<float>((int)floatsToKeep);
        (Count, keptCount) = (outputs, 0);
    }

    /// <summary>Forgets the step: it did not complete.</summary>
    public void Abandon() => Count = 0;

    /// <summary>Takes an output out of the call that has just completed.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="row">Its row of the call.</param>
    /// <param name="part">What the call is.</param>
    /// <param name="stays">No other call comes after it in this step.</param>
    public void Take(int index, int row, StepPart part, bool stays)
    {
        if (stays)
        {
            places[index] = new Place(Kind.InContext, row);
            return;
        }

        ReadOnlySpan<float> output = part == StepPart.Hidden ? context.Hidden(row) : context.Logits(row);
        output.CopyTo(kept.AsSpan(keptCount));
        places[index] = new Place(part == StepPart.Hidden ? Kind.KeptHidden : Kind.KeptLogits, keptCount);
        keptCount += output.Length;
    }

    public Span<float> Logits(int index)
    {
        var place = PlaceOf(index);
        return place.Kind switch
        {
            Kind.InContext => context.Logits(place.At),
            Kind.KeptLogits => kept.AsSpan(place.At, sizes.VocabularySize),
            _ => throw new ArgumentOutOfRangeException(nameof(index), index, "The output is a hidden state."),
        };
    }

    public ReadOnlySpan<float> Hidden(int index)
    {
        var place = PlaceOf(index);
        ArgumentOutOfRangeException.ThrowIfNotEqual(place.Kind, Kind.KeptHidden, nameof(index));
        return kept.AsSpan(place.At, sizes.EmbeddingWidth);
    }

    /// <summary>Outputs of a slice.</summary>
    public static int CountOf(StepSlice slice) => slice.Output switch
    {
        SliceOutput.None => 0,
        SliceOutput.LastRow => 1,
        _ => slice.Count,
    };

    private Place PlaceOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return places[index];
    }

    private readonly record struct Place(Kind Kind, int At);
}
