using Penstock.Engine.Cpu.Matrices;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>How the result of half a layer joins the residual stream: <c>x += Scale · norm(result + Bias)</c>.</summary>
internal sealed record ResidualUpdate
{
    /// <summary>Bias of the last product, or null.</summary>
    public WeightVector? Bias { get; init; }

    /// <summary>Weights of a norm of the result (Gemma 2), or null.</summary>
    public WeightVector? Norm { get; init; }

    public float Scale { get; init; } = 1;
}
