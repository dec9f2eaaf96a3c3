using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Integer sums of rows 0-7 and 8-15.</summary>
internal struct PairedSums
{
    public Vector256<int> A;
    public Vector256<int> B;
}
