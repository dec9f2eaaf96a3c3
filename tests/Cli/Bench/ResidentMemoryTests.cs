using Penstock.Cli.Bench.Load;
using Penstock.Cli.Output;

namespace Penstock.Cli.Tests.Bench;

public class ResidentMemoryTests
{
    [Fact]
    public void Report_SteadyGrowthAfterWarmUp_GivesItsSlope()
    {
        var done = 0;
        var memory = new ResidentMemory(7, 1_000, () => 100_000_000 + (done < 100 ? 0 : 50_000_000) + (done * 1_000));
        for (done = 1; done <= 1_000; done++)
            memory.Count();
        done = 1_000;

        var report = memory.Report();

        Assert.Equal((7, 100.0, 151.0, 151.0), (report.Pid, report.StartMb, report.MaxMb, report.EndMb));
        Assert.Equal(10, report.SlopeMbPer10KRequests);
        Assert.Equal(501, report.Samples);
    }

    [Fact]
    public void Report_ProcessDies_KeepsWhatWasSeen()
    {
        var alive = true;
        var memory = new ResidentMemory(7, 2, () => alive ? 5_000_000 : null);
        alive = false;
        memory.Count();

        Assert.Equal(new MemoryReport(7, 5, 5, 5, 5, null, 1), memory.Report());
    }

    [Fact]
    public void OfProcess_NoSuchProcess_IsRefused() =>
        Assert.Equal(ExitCode.WrongUsage, Assert.Throws<CommandException>(() => ResidentMemory.OfProcess(int.MaxValue, 1)).ExitCode);

    [Fact]
    public void OfProcess_ThisProcess_HasMemory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /proc.");

        Assert.True(ResidentMemory.OfProcess(Environment.ProcessId, 1).Report().EndMb > 1);
    }
}
