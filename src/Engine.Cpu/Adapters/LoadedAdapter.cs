using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;
using Penstock.Models.Adapters;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>An adapter in memory, packed for the kernels. Immutable; not to be used once disposed.</summary>
internal sealed unsafe class LoadedAdapter : IDisposable
{
    private readonly WeightMemory memory = new();
    private readonly Dictionary<PackedMatrix, LoraWeights> weights = new(ReferenceEqualityComparer.Instance);

    private readonly bool wide;

    private LoadedAdapter(LoraFile file, KernelPath path) => (Rank, wide) = (file.Rank, path == KernelPath.Avx512);

    /// <summary>The largest rank of its pairs.</summary>
    public int Rank { get; }

    public long Bytes { get; private set; }

    /// <summary>What it adds to a matrix, or null.</summary>
    public LoraWeights? For(PackedMatrix matrix) => weights.GetValueOrDefault(matrix);

    /// <param name="file">An adapter that fits the model.</param>
    /// <param name="targets">The model's matrices by tensor; several where they share one, each with its first row in it.</param>
    /// <param name="path">The kernels to use.</param>
    /// <exception cref="GgufException">A tensor holds NaN or infinities, cannot be read, or changes what the engine does not multiply by.</exception>
    public static LoadedAdapter Load(LoraFile file, ILookup<string, (int FirstRow, PackedMatrix Matrix)> targets, KernelPath path)
    {
        var adapter = new LoadedAdapter(file, path);
        try
        {
            // All ways down in the order of the layers, then all ways up: a step reads each in a straight line.
            LoraFactor[] down = [.. file.Pairs.Select(pair => adapter.PackDown(file, pair, targets))];
            foreach (var (pair, a) in file.Pairs.Zip(down))
                adapter.PackUp(file, pair, a, targets[pair.Target]);
            return adapter;
        }
        catch
        {
            adapter.Dispose();
            throw;
        }
    }

    public void Dispose() => memory.Dispose();

    private LoraFactor PackDown(LoraFile file, LoraPair pair, ILookup<string, (int FirstRow, PackedMatrix Matrix)> targets)
    {
        if (!targets.Contains(pair.Target))
        {
            throw new GgufException(
                file.Path,
                $"the adapter changes {GgufName.Printable(pair.Target)}, to which the CPU engine applies no adapters",
                "Train it on attention and dense feed-forward matrices, or merge it into the model.");
        }

        return Pack(pair.A.Type, file.Read(pair.A), pair.Rank, (int)pair.Inputs, 0);
    }

    private void PackUp(LoraFile file, LoraPair pair, LoraFactor a, IEnumerable<(int FirstRow, PackedMatrix Matrix)> matrices)
    {
        var values = file.Read(pair.B);
        foreach (var (first, matrix) in matrices)
            weights.Add(matrix, new LoraWeights(a, Pack(pair.B.Type, values, matrix.Rows, pair.Rank, first), pair.Scale));
    }

    private LoraFactor Pack(TensorType type, float[] values, int outputs, int inputs, int first) => type switch
    {
        TensorType.F32 => Pack<F32Format>(values, outputs, inputs, first, static (value, target) => *(float*)target = value),
        TensorType.BF16 => Pack<BF16Format>(values, outputs, inputs, first, static (value, target) => *(ushort*)target = (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),

        // Values of Q8_0 are rounded to the 11 bits of a half: an eighth of what they had lost before.
        _ => Pack<F16Format>(values, outputs, inputs, first, static (value, target) => *(Half*)target = (Half)value),
    };

    private LoraFactor Pack<TFormat>(float[] values, int outputs, int inputs, int first, Write write)
        where TFormat : struct, IFloatFormat => wide
            ? Pack<TFormat, WideLanes>(values, outputs, inputs, first, write)
            : Pack<TFormat, PairedLanes>(values, outputs, inputs, first, write);

    private LoraFactorOf<TFormat, TLanes> Pack<TFormat, TLanes>(float[] values, int outputs, int inputs, int first, Write write)
        where TFormat : struct, IFloatFormat
        where TLanes : struct, IPanelLanes<TLanes>
    {
        var factor = new LoraFactorOf<TFormat, TLanes>(memory, outputs, inputs);
        Bytes += factor.Bytes;
        for (var output = 0; output < outputs; output++)
        {
            for (var input = 0; input < inputs; input++)
                write(values[((first + output) * (long)inputs) + input], factor.At(output, input));
        }

        return factor;
    }

    private delegate void Write(float value, byte* target);
}
