using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;
using Penstock.Models.Adapters;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>An adapter in memory, packed for the kernels. Immutable; not to be used once disposed.</summary>
internal sealed unsafe class LoadedAdapter : IDisposable
{
    private readonly WeightMemory memory = new();
    private readonly LoraFile file;
    private readonly AdapterType type;
    private readonly KernelPath path;
    private readonly LoraWeights[] weights;

    private LoadedAdapter(LoraFile file, int targets, AdapterType type, KernelPath path)
    {
        (this.file, this.type, this.path, Rank) = (file, type, path, file.Rank);
        weights = new LoraWeights[targets];
    }

    /// <summary>The largest rank of its pairs.</summary>
    public int Rank { get; }

    public long Bytes { get; private set; }

    /// <param name="file">An adapter that fits the model.</param>
    /// <param name="targets">The model's matrices.</param>
    /// <param name="type">What its weights are kept as.</param>
    /// <param name="path">The kernels to use.</param>
    /// <exception cref="GgufException">A tensor holds NaN or infinities, cannot be read, or changes what the engine does not multiply by.</exception>
    public static LoadedAdapter Load(LoraFile file, AdapterTargets targets, AdapterType type, KernelPath path)
    {
        var adapter = new LoadedAdapter(file, targets.Count, type, path);
        try
        {
            // All ways down in the order of the layers, then all ways up: a step reads each in a straight line.
            LoraFactor[] down = [.. file.Pairs.Select(pair => adapter.PackDown(pair, targets))];
            foreach (var (pair, a) in file.Pairs.Zip(down))
                adapter.PackUp(pair, a, targets);
            return adapter;
        }
        catch
        {
            adapter.Dispose();
            throw;
        }
    }

    /// <summary>What it adds to a matrix, by the number of <see cref="AdapterTargets"/>.</summary>
    public ref readonly LoraWeights For(int target) => ref weights[target];

    public void Dispose() => memory.Dispose();

    private LoraFactor PackDown(LoraPair pair, AdapterTargets targets)
    {
        if (targets.Of(pair.Target).FirstOrDefault() is not { } target)
        {
            throw new GgufException(
                file.Path,
                $"the adapter changes {GgufName.Printable(pair.Target)}, to which the CPU engine applies no adapters",
                "Train it on attention and dense feed-forward matrices, or merge it into the model.");
        }

        return Pack(new LoraSource(file, pair.A, InBytes(target)), pair.Rank, (int)pair.Inputs, 0);
    }

    private void PackUp(LoraPair pair, LoraFactor a, AdapterTargets targets)
    {
        var source = new LoraSource(file, pair.B, InBytes(targets.Of(pair.Target).First()));
        foreach (var target in targets.Of(pair.Target))
            weights[target.Number] = new LoraWeights(a, Pack(source, target.Rows, pair.Rank, target.FirstRow), pair.Scale);
    }

    private bool InBytes(AdapterTarget target) => type == AdapterType.Q8_0 || (type == AdapterType.Auto && target.Quantized);

    private LoraFactor Pack(LoraSource source, int outputs, int inputs, int first)
    {
        var kernel = LoraKernels.Of(source.Type, path);
        var bytes = (outputs + LoraKernel.PanelRows - 1) / LoraKernel.PanelRows * kernel.PanelBytes(inputs);
        var factor = new LoraFactor(kernel, memory.Allocate(bytes), outputs, inputs);
        Bytes += bytes;
        for (var output = 0; output < outputs; output++)
            kernel.Fill(factor.Panel(output / LoraKernel.PanelRows), output % LoraKernel.PanelRows, inputs, source.Row(first + output));
        return factor;
    }
}
