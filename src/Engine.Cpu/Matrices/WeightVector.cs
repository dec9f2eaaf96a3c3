namespace Penstock.Engine.Cpu.Matrices;

/// <summary>A vector of weights (a norm, a bias) in a <see cref="Memory.WeightMemory"/>, padded with zeros to a multiple of 16.</summary>
internal sealed unsafe class WeightVector(float* values, int length)
{
    public float* Values { get; } = values;

    public Span<float> Span => new(Values, length);
}
