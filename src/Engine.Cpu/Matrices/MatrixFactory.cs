using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Matrices;

/// <summary>Which packed form a tensor type has on a kernel path.</summary>
internal static class MatrixFactory
{
    /// <summary>An empty matrix, to be filled row by row; null for a type that has no kernels.</summary>
    public static PackedMatrix? Create(TensorType type, KernelPath path, WeightMemory memory, string name, int rows, int columns) => type switch
    {
        TensorType.F32 => new FloatMatrix<F32Format>(memory, name, rows, columns),
        TensorType.F16 => new FloatMatrix<F16Format>(memory, name, rows, columns),
        TensorType.BF16 => new FloatMatrix<BF16Format>(memory, name, rows, columns),
        TensorType.Q8_0 => path switch
        {
            KernelPath.AvxVnni => new Q8Matrix<VnniDot>(memory, name, rows, columns),
            KernelPath.Avx2 => new Q8Matrix<Avx2Dot>(memory, name, rows, columns),
            _ => new Q8Matrix<PortableDot>(memory, name, rows, columns),
        },
        TensorType.Q4_0 => path switch
        {
            KernelPath.AvxVnni => new Q4Matrix<VnniDot>(memory, name, rows, columns),
            KernelPath.Avx2 => new Q4Matrix<Avx2Dot>(memory, name, rows, columns),
            _ => new Q4Matrix<PortableDot>(memory, name, rows, columns),
        },
        _ => null,
    };
}
