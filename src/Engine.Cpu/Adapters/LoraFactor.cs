namespace Penstock.Engine.Cpu.Adapters;

/// <summary>One of the two matrices of an adapter's pair, in panels of 16 outputs. The memory belongs to the adapter.</summary>
/// <remarks>A value, so that all that a step must know of an adapter's share in a product lies in one line of the cache.</remarks>
internal readonly unsafe struct LoraFactor(LoraKernel kernel, byte* weights, int outputs, int inputs)
{
    private readonly byte* weights = weights;

    public LoraKernel Kernel { get; } = kernel;

    public int Inputs { get; } = inputs;

    public int Panels { get; } = (outputs + LoraKernel.PanelRows - 1) / LoraKernel.PanelRows;

    /// <summary>Where a panel begins.</summary>
    public byte* Panel(int panel) => weights + (panel * Kernel.PanelBytes(Inputs));
}
