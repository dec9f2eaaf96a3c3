using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Measuring;

/// <summary>
/// What this machine could do at most, measured: the yardsticks of <c>penstock bench kernels</c>. The best of many short runs on the clock counts: one of
/// them is left alone even on a busy machine. (Processor time is counted too coarsely for runs this short.) Not thread-safe.
/// </summary>
/// <remarks>
/// Work is shared out as a step's is, by a team of as many threads, so that a thread which is put aside costs the yardstick what it costs a step. What memory
/// brings depends on who else uses it, on other virtual machines too, and changes within minutes: read between the steps that are held against it.
/// </remarks>
public sealed unsafe class MachineSpeed : IDisposable
{
    private const int Rounds = 40;
    private const long BufferBytes = 256L << 20; // well above any cache
    private const long PieceBytes = 4L << 20;
    private const long DotIterations = 1_000_000;
    private const int DotChains = 8; // more than latency times throughput of any known vpdpbusd

    private readonly ThreadTeam team;
    private readonly WeightMemory memory = new();
    private readonly Reading reading;

    /// <param name="threads">Threads that work together.</param>
    public MachineSpeed(int threads)
    {
        team = new ThreadTeam(threads);
        var buffer = memory.Allocate(BufferBytes);
        new Span<byte>(buffer, (int)BufferBytes).Fill(1);
        reading = new Reading((nint)buffer);
    }

    /// <summary>Bytes a second that the threads read from memory together, in straight lines: one pass, some milliseconds.</summary>
    public double ReadBandwidth() => BufferBytes / Seconds(reading, (int)(BufferBytes / PieceBytes));

    /// <summary>8-bit multiply-adds a second of the path's dot product, from registers: the best of some passes.</summary>
    public double MultiplyAdds(KernelPath path)
    {
        var dots = new Dots(KernelPaths.Resolve(path) switch
        {
            KernelPath.Avx512 when AvxVnni.IsSupported => Dot<VnniDot>,
            KernelPath.AvxVnni => Dot<VnniDot>,
            KernelPath.Avx2 or KernelPath.Avx512 => Dot<Avx2Dot>,
            KernelPath.AdvSimd => Dot<AdvSimdDot>,
            _ => Dot<PortableDot>,
        });
        var seconds = Enumerable.Range(0, Rounds).Min(_ => Seconds(dots, team.Size));
        return team.Size * DotIterations * DotChains * Vector256<byte>.Count / seconds;
    }

    public void Dispose()
    {
        team.Dispose();
        memory.Dispose();
    }

    private double Seconds(ITeamJob job, int items)
    {
        var start = Stopwatch.GetTimestamp();
        team.Run(job, items);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
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

    private sealed class Reading(nint buffer) : ITeamJob
    {
        private long sum;

        public void Execute(int item, int worker) => Volatile.Write(ref sum, Read((byte*)buffer + (item * PieceBytes), PieceBytes));
    }

    private sealed class Dots(Func<int> dot) : ITeamJob
    {
        private int sum;

        public void Execute(int item, int worker) => Volatile.Write(ref sum, dot());
    }
}
