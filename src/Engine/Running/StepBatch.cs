namespace Penstock.Engine.Running;

/// <summary>The input of one step: slices of sequences. Reused from step to step; grows to its high-water mark and then allocates nothing.</summary>
public sealed class StepBatch
{
    private readonly List<StepSlice> slices = [];
    private readonly List<int> tokens = [];

    /// <summary>The slices in the order in which their outputs are numbered.</summary>
    public ReadOnlySpan<StepSlice> Slices => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(slices);

    /// <summary>Token ids of all slices; a slice's are <c>Tokens[Offset..Offset+Count]</c>.</summary>
    public ReadOnlySpan<int> Tokens => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(tokens);

    /// <summary>Rows in this step.</summary>
    public int Rows => tokens.Count;

    public void Clear()
    {
        slices.Clear();
        tokens.Clear();
    }

    /// <summary>Adds a slice. A sequence may appear at most once in a step.</summary>
    public void Add(int sequence, int position, ReadOnlySpan<int> sliceTokens, SliceOutput output, AdapterUse adapter = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sliceTokens.Length);
        slices.Add(new StepSlice(sequence, position, tokens.Count, sliceTokens.Length, output, adapter));
        CollectionExtensions.AddRange(tokens, sliceTokens);
    }
}
