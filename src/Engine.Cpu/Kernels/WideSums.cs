using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Integer sums of 16 rows; what was added last still as sums of two products in 16 bits.</summary>
internal struct WideSums
{
    public Vector512<short> Pairs;
    public Vector512<int> All;
}
