using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Running;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>Which kernel multiplies by which type.</summary>
internal static class LoraKernels
{
    /// <param name="type">F32, F16, BF16 or Q8_0.</param>
    /// <param name="path">The kernels to use.</param>
    public static LoraKernel Of(TensorType type, KernelPath path) => path == KernelPath.Avx512 ? Of<WideLanes>(type) : Of<PairedLanes>(type);

    private static LoraKernel Of<TLanes>(TensorType type)
        where TLanes : struct, IPanelLanes<TLanes> => type switch
        {
            TensorType.F32 => LoraKernelOf<LoraFloats<F32Format>, TLanes>.Instance,
            TensorType.F16 => LoraKernelOf<LoraFloats<F16Format>, TLanes>.Instance,
            TensorType.BF16 => LoraKernelOf<LoraFloats<BF16Format>, TLanes>.Instance,
            TensorType.Q8_0 => LoraKernelOf<LoraBytes, TLanes>.Instance,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
        };
}
