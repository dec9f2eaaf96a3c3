using System.Runtime.CompilerServices;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>Half precision without infinities and NaN.</summary>
internal readonly unsafe struct FiniteHalves : IElements
{
    public static int Bytes => sizeof(ushort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TLanes, TVector>(byte* source)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.LoadFiniteHalves((ushort*)source);
}
