using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>The products of a step's rows with a layer's matrices, up to three with one input at a time. Every such product of the forward pass goes through here.</summary>
internal sealed unsafe class Products(DecoderWeights weights)
{
    private readonly MatMulPhase multiply = new();
    private DecoderLayer current = null!;

    public Products Begin(int layer, in ActivationRows input, int rows)
    {
        current = weights.Layers[layer];
        multiply.Begin(in input, rows);
        return this;
    }

    public Products Add(WeightName name, float* output, int stride)
    {
        multiply.Add(current[name], output, stride);
        return this;
    }

    public void Run(ThreadTeam team) => multiply.Run(team);
}
