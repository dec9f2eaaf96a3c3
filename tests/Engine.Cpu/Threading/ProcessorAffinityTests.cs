using Penstock.Contracts.Errors;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Cpu.Threading;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Tests.Threading;

/// <summary>Threads that are kept on processors. Callers are threads of their own: they stay where they are put.</summary>
public class ProcessorAffinityTests
{
    [Fact]
    public void Run_WithAffinity_KeepsEachThreadOnItsProcessor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux keeps threads on processors.");
        var processors = ProcessorAffinity.Allowed().Reverse().Take(2).ToArray();
        var where = new Where(processors.Length);
        OnItsOwnThread(() =>
        {
            using var lease = TeamLease.Take(processors.Length, processors);
            lease.Enter();
            while (where.Seen.Any(seen => seen is null))
                lease.Team.Run(where, 64);
            lease.Exit();
        });

        Assert.Equal(processors, where.Seen.Select(seen => Assert.Single(seen!)));
    }

    [Fact]
    public void Take_WithAffinity_SharesATeamWithTheSameOnly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux keeps threads on processors.");
        var processor = ProcessorAffinity.Allowed()[0];
        using var kept = TeamLease.Take(1, [processor]);
        using var same = TeamLease.Take(1, [processor]);
        using var free = TeamLease.Take(1);
        Assert.Same(kept.Team, same.Team);
        Assert.NotSame(kept.Team, free.Team);
    }

    [Theory]
    [InlineData(1, 8_000, "may not use the processor 8000. It may use ")]
    [InlineData(5, 0, "5 threads are to be kept on 1 processors")]
    public void Load_OnProcessorsThatItCannotHave_SaysWhy(int threads, int processor, string message)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux keeps threads on processors.");
        using var model = TinyModel.Of(TensorType.F32);
        var fault = Assert.Throws<PenstockException>(() => CpuModelRunner.Load(model.File, new CpuRunnerOptions { Threads = threads, KvTokens = 64, Affinity = [processor] }));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    private static void OnItsOwnThread(Action act)
    {
        var thread = new Thread(() => act());
        thread.Start();
        thread.Join();
    }

    /// <summary>Notes on which processors each worker may run.</summary>
    private sealed class Where(int workers) : ITeamJob
    {
        public IReadOnlyList<int>?[] Seen { get; } = new IReadOnlyList<int>?[workers];

        public void Execute(int item, int worker) => Seen[worker] ??= ProcessorAffinity.Allowed();
    }
}
