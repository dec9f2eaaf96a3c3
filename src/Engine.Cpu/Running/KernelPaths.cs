using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Penstock.Engine.Cpu.Running;

/// <summary>What this processor can run.</summary>
public static class KernelPaths
{
    /// <summary>Whether the processor has the path's instructions.</summary>
    public static bool IsSupported(KernelPath path) => path switch
    {
        KernelPath.Auto or KernelPath.Portable => true,
        KernelPath.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        KernelPath.AvxVnni => AvxVnni.IsSupported && Fma.IsSupported,
        KernelPath.Avx512 => Avx512BW.IsSupported && Vector512.IsHardwareAccelerated,
        KernelPath.AdvSimd => Dp.IsSupported,
        _ => false,
    };

    /// <summary>The path's name in <see cref="Engine.Running.RunnerCapabilities.Name"/> and so in fingerprints.</summary>
    public static string Name(this KernelPath path) => path switch
    {
        KernelPath.Avx512 => "avx512",
        KernelPath.AvxVnni => "avxvnni",
        KernelPath.Avx2 => "avx2",
        KernelPath.AdvSimd => "advsimd",
        _ => "portable",
    };

    /// <summary>The path to use for what the options ask.</summary>
    /// <exception cref="PlatformNotSupportedException">The processor does not have the path asked for.</exception>
    internal static KernelPath Resolve(KernelPath asked)
    {
        if (asked == KernelPath.Auto)
            return Enum.GetValues<KernelPath>().First(path => path != KernelPath.Auto && IsSupported(path));

        return IsSupported(asked)
            ? asked
            : throw new PlatformNotSupportedException($"This processor does not have the kernel path {asked}. Use {KernelPath.Auto}, which picks the fastest that it has.");
    }
}
