using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;

namespace Penstock.Engine.Cpu.Measuring;

/// <summary>
/// What this machine could do at most, measured: the yardsticks of <c>penstock bench kernels</c>. Best of many short runs on
/// the clock: one of them is left alone even on a busy machine. (Processor time is counted too coarsely for runs this short.)
/// </summary>
public static unsafe class MachineSpeed
{
    private const int Rounds = 40;
    private const long BufferBytes = 256L << 20; // well above any cache
    private const long DotIterations = 1_000_000;
    private const int DotChains = 8; // more than latency times throughput of any known vpdpbusd

    /// <summary>Bytes a second that threads read from memory together, in a straight line.</summary>
    public static double ReadBandwidth(int threads)
    {
        using var memory = new WeightMemory();
        var buffer = (nint)memory.Allocate(BufferBytes);
        new Span<byte>((void*)buffer, (int)BufferBytes).Fill(1);
        var share = BufferBytes / threads / 256 * 256;
        return Best(threads, thread => Read((byte*)buffer + (thread * share), share)) * share * threads;
    }

    /// <summary>8-bit multiply-adds a second of the path's dot product, from registers.</summary>
    public static double MultiplyAdds(KernelPath path, int threads)
    {
        Action<int> work = KernelPaths.Resolve(path) switch
        {
            KernelPath.Avx512 when AvxVnni.IsSupported => _ => Dot<VnniDot>(),
            KernelPath.AvxVnni => _ => Dot<VnniDot>(),
            KernelPath.Avx2 or KernelPath.Avx512 => _ => Dot<Avx2Dot>(),
            KernelPath.AdvSimd => _ => Dot<AdvSimdDot>(),
            _ => _ => Dot<PortableDot>(),
        };
        return Best(threads, work) * threads * DotIterations * DotChains * Vector256<byte>.Count;
    }

    // Runs a second, counted from when the first thread begins to when the last has ended: one that is put aside before it begins makes a run longer, never
    // shorter. Starting a thread takes too long to be in it.
    private static double Best(int threads, Action<int> work)
    {
        var best = 0.0;
        using var ready = new Barrier(threads);
        var (starts, ends) = (new long[threads], new long[threads]);
        for (var round = 0; round < Rounds; round++)
        {
            var others = Enumerable.Range(1, threads - 1).Select(index => new Thread(() => Timed(index))).ToList();
            others.ForEach(thread => thread.Start());
            Timed(0);
            others.ForEach(thread => thread.Join());
            best = Math.Max(best, 1 / Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalSeconds);
        }

        return best;

        void Timed(int index)
        {
            ready.SignalAndWait();
            starts[index] = Stopwatch.GetTimestamp();
            work(index);
            ends[index] = Stopwatch.GetTimestamp();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static long Read(byte* source, long bytes)
    {
        Vector256<long> a = default, b = default, c = default, d = default;
        for (var i = 0L; i < bytes; i += 128)
        {
            a += Vector256.Load((long*)(source + i));
            b += Vector256.Load((long*)(source + i + 32));
            c += Vector256.Load((long*)(source + i + 64));
            d += Vector256.Load((long*)(source + i + 96));
        }

        return Vector256.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Dot<TDot>()
        where TDot : struct, IByteDot
    {
        var weights = Vector256.Create((byte)3);
        var inputs = Vector256.Create((sbyte)5);
        Vector256<int> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (var i = 0L; i < DotIterations; i++)
        {
            a = TDot.Accumulate(a, weights, inputs);
            b = TDot.Accumulate(b, weights, inputs);
            c = TDot.Accumulate(c, weights, inputs);
            d = TDot.Accumulate(d, weights, inputs);
            e = TDot.Accumulate(e, weights, inputs);
            f = TDot.Accumulate(f, weights, inputs);
            g = TDot.Accumulate(g, weights, inputs);
            h = TDot.Accumulate(h, weights, inputs);
        }

        return Vector256.Sum(a + b + c + d + (e + f + (g + h)));
    }
}
