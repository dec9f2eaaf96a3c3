using Penstock.Engine.Cpu.Adapters;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>The products of a step's rows with a layer's matrices, up to three with one input at a time, and what adapters add to them. Every such product of the forward pass goes through here.</summary>
internal sealed unsafe class Products(DecoderWeights weights, AdapterPhase adapters)
{
    private readonly MatMulPhase multiply = new();
    private DecoderLayer current = null!;
    private int currentLayer;

    public Products Begin(int layer, in ActivationRows input, int rows)
    {
        (current, currentLayer) = (weights.Layers[layer], layer);
        multiply.Begin(in input, rows);
        adapters.Begin(in input);
        return this;
    }

    public Products Add(WeightName name, float* output, int stride)
    {
        multiply.Add(current[name], output, stride);
        adapters.Add(AdapterTargets.Number(currentLayer, name), output, stride);
        return this;
    }

    public void Run(ThreadTeam team)
    {
        multiply.Run(team);
        adapters.Run(team);
    }
}
