using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Matrices;

/// <summary>Which packed form a tensor type has on a kernel path.</summary>
internal static class MatrixFactory
{
    /// <summary>The types that have kernels, for messages.</summary>
    public const string Types = "F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1 and Q2_K to Q6_K";

    /// <summary>An empty matrix, to be filled row by row; null for a type that has no kernels.</summary>
    public static PackedMatrix? Create(TensorType type, KernelPath path, WeightMemory memory, string name, int rows, int columns) => type switch
    {
        TensorType.F32 => new FloatMatrix<F32Format>(memory, name, rows, columns),
        TensorType.F16 => new FloatMatrix<F16Format>(memory, name, rows, columns),
        TensorType.BF16 => new FloatMatrix<BF16Format>(memory, name, rows, columns),
        _ => path switch
        {
            KernelPath.AvxVnni => Quantized<VnniDot>(type, memory, name, rows, columns),
            KernelPath.Avx2 => Quantized<Avx2Dot>(type, memory, name, rows, columns),
            _ => Quantized<PortableDot>(type, memory, name, rows, columns),
        },
    };

    private static PackedMatrix? Quantized<TDot>(TensorType type, WeightMemory memory, string name, int rows, int columns)
        where TDot : struct, IByteDot => type switch
        {
            TensorType.Q8_0 => new Q8Matrix<TDot>(memory, name, rows, columns),
            TensorType.Q4_0 => new Q4Matrix<TDot>(memory, name, rows, columns),
            TensorType.Q4_1 => new LevelMatrix<FourBitLevels, PlainPairs, TDot>(type, memory, name, rows, columns),
            TensorType.Q5_0 => new LevelMatrix<FiveBitLevels, PlainScales, TDot>(type, memory, name, rows, columns),
            TensorType.Q5_1 => new LevelMatrix<FiveBitLevels, PlainPairs, TDot>(type, memory, name, rows, columns),
            TensorType.Q2_K => new LevelMatrix<TwoBitLevels, NibblePairs, TDot>(type, memory, name, rows, columns),
            TensorType.Q3_K => new LevelMatrix<ThreeBitLevels, GroupScales, TDot>(type, memory, name, rows, columns),
            TensorType.Q4_K => new LevelMatrix<FourBitLevels, GroupPairs, TDot>(type, memory, name, rows, columns),
            TensorType.Q5_K => new LevelMatrix<FiveBitLevels, GroupPairs, TDot>(type, memory, name, rows, columns),
            TensorType.Q6_K => new LevelMatrix<SixBitLevels, GroupScales, TDot>(type, memory, name, rows, columns),
            _ => null,
        };
}
