namespace Penstock.Engine.Cpu.Adapters;

/// <summary>Where a row's vectors lie in a product with an adapter.</summary>
internal readonly unsafe struct LoraRow(float* x, float* t, float* y, float scale)
{
    /// <summary>The product's input.</summary>
    public readonly float* X = x;

    /// <summary>What lies between the two matrices: the rank's floats, padded to whole panels.</summary>
    public readonly float* T = t;

    /// <summary>The product's output, padded to whole panels.</summary>
    public readonly float* Y = y;

    public readonly float Scale = scale;
}
