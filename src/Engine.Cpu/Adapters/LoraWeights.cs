namespace Penstock.Engine.Cpu.Adapters;

/// <summary>What an adapter adds to one matrix: <c>scale·B(A x)</c>.</summary>
/// <param name="a">From the inputs to the rank.</param>
/// <param name="b">From the rank to the outputs.</param>
/// <param name="scale">alpha / rank.</param>
internal readonly struct LoraWeights(LoraFactor a, LoraFactor b, float scale)
{
    public readonly LoraFactor A = a;

    public readonly LoraFactor B = b;

    public readonly float Scale = scale;

    /// <summary>Whether it adds nothing.</summary>
    public bool IsNone => A.Panels == 0;
}
