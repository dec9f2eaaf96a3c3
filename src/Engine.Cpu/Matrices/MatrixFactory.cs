using System.Runtime.Intrinsics.X86;
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
    public static PackedMatrix? Create(TensorType type, KernelPath path, WeightMemory memory, string name, int rows, int columns)
    {
        var place = new Place(type, memory, name, rows, columns);
        return path switch
        {
            KernelPath.Avx512 => place.Wide(),
            KernelPath.AvxVnni => place.Paired<VnniDot>(),
            KernelPath.Avx2 => place.Paired<Avx2Dot>(),
            KernelPath.AdvSimd => place.Paired<AdvSimdDot>(),
            _ => place.Paired<PortableDot>(),
        };
    }

    /// <summary>The same with a dot product of the caller's: how tests run the form of a path whose instructions this processor lacks.</summary>
    public static PackedMatrix? Create<TDot>(TensorType type, WeightMemory memory, string name, int rows, int columns)
        where TDot : struct, IByteDot => new Place(type, memory, name, rows, columns).Paired<TDot>();

    private readonly record struct Place(TensorType Type, WeightMemory Memory, string Name, int Rows, int Columns)
    {
        public PackedMatrix? Paired<TDot>()
            where TDot : struct, IByteDot => Type switch
            {
                TensorType.Q8_0 => Paired<EightBitLevels<TDot>, PlainScales, TDot>(),
                TensorType.Q4_0 => Paired<FourBitLevels, PlainScales, TDot>(),
                TensorType.Q4_1 => Paired<FourBitLevels, PlainPairs, TDot>(),
                TensorType.Q5_0 => Paired<FiveBitLevels, PlainScales, TDot>(),
                TensorType.Q5_1 => Paired<FiveBitLevels, PlainPairs, TDot>(),
                TensorType.Q2_K => Paired<TwoBitLevels, NibblePairs, TDot>(),
                TensorType.Q3_K => Paired<ThreeBitLevels, GroupScales, TDot>(),
                TensorType.Q4_K => Paired<FourBitLevels, GroupPairs, TDot>(),
                TensorType.Q5_K => Paired<FiveBitLevels, GroupPairs, TDot>(),
                TensorType.Q6_K => Paired<SixBitLevels, GroupScales, TDot>(),
                _ => Floats<PairedLanes>(),
            };

        public PackedMatrix? Wide() => Type switch
        {
            TensorType.Q8_0 => AvxVnni.IsSupported ? WideBytes<VnniDot>() : WideBytes<Avx2Dot>(),
            TensorType.Q4_0 => WideLevels<FourBitLevels, PlainScales>(),
            TensorType.Q4_1 => WideLevels<FourBitLevels, PlainPairs>(),
            TensorType.Q5_0 => WideLevels<FiveBitLevels, PlainScales>(),
            TensorType.Q5_1 => WideLevels<FiveBitLevels, PlainPairs>(),
            TensorType.Q2_K => WideLevels<TwoBitLevels, NibblePairs>(),
            TensorType.Q3_K => WideLevels<ThreeBitLevels, GroupScales>(),
            TensorType.Q4_K => WideLevels<FourBitLevels, GroupPairs>(),
            TensorType.Q5_K => WideLevels<FiveBitLevels, GroupPairs>(),
            TensorType.Q6_K => WideLevels<SixBitLevels, GroupScales>(),
            _ => Floats<WideLanes>(),
        };

        private PackedMatrix? Floats<TLanes>()
            where TLanes : struct, IPanelLanes<TLanes> => Type switch
            {
                TensorType.F32 => new FloatMatrix<F32Format, TLanes>(Memory, Name, Rows, Columns),
                TensorType.F16 => new FloatMatrix<F16Format, TLanes>(Memory, Name, Rows, Columns),
                TensorType.BF16 => new FloatMatrix<BF16Format, TLanes>(Memory, Name, Rows, Columns),
                _ => null,
            };

        private LevelMatrix<TLevels, TScales, PairedDot<TLevels, TDot>, PairedBytes, PairedSums, PairedLanes> Paired<TLevels, TScales, TDot>()
            where TLevels : struct, ILevelFormat
            where TScales : struct, IScaleFormat
            where TDot : struct, IByteDot => new(Type, Memory, Name, Rows, Columns);

        private LevelMatrix<EightBitLevels<TDot>, PlainScales, WideByteDot<TDot>, PairedBytes, PairedSums, WideLanes> WideBytes<TDot>()
            where TDot : struct, IByteDot => new(Type, Memory, Name, Rows, Columns);

        private LevelMatrix<TLevels, TScales, WideLevelDot<TLevels>, WideBytes, WideSums, WideLanes> WideLevels<TLevels, TScales>()
            where TLevels : struct, ILevelFormat
            where TScales : struct, IScaleFormat => new(Type, Memory, Name, Rows, Columns);
    }
}
