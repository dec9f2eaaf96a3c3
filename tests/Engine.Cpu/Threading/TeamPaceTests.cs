using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Tests.Threading;

public class TeamPaceTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(4);

    [Fact]
    public void Record_OfQuietSteps_KeepsAllThreads()
    {
        var pace = new TeamPace(4);
        for (var step = 0; step < 100; step++)
            pace.Record(Step, TimeSpan.FromMilliseconds(0.3));

        Assert.Equal(4, pace.Active);
    }

    [Fact]
    public void Record_OfALongStepWithAShortWait_KeepsAllThreads()
    {
        var pace = new TeamPace(2);
        pace.Record(TimeSpan.FromMilliseconds(800), Slice);

        Assert.Equal(2, pace.Active);
    }

    [Fact]
    public void Record_OfALateStep_TakesAThreadAwayForAWhile()
    {
        var pace = new TeamPace(2);
        pace.Record(Step, Slice);
        Assert.Equal(1, pace.Active);

        for (var step = 1; step < 2 * TeamPace.FirstPatience; step++)
            pace.Record(Step, TimeSpan.Zero);
        Assert.Equal(1, pace.Active);

        pace.Record(Step, TimeSpan.Zero);
        Assert.Equal(2, pace.Active);
    }

    [Fact]
    public void Record_BesideANeighbourThatStays_HasFewLateSteps()
    {
        var pace = new TeamPace(2);
        var late = 0;
        for (var step = 0; step < 10_000; step++)
        {
            var isLate = pace.Active == 2;
            late += isLate ? 1 : 0;
            pace.Record(Step, isLate ? Slice : TimeSpan.Zero);
        }

        Assert.InRange(late, 5, 20);
    }

    [Fact]
    public void Record_WhenTheNeighbourIsGone_ComesBackAndForgets()
    {
        var pace = new TeamPace(3);
        for (var step = 0; step < 5_000; step++)
            pace.Record(Step, pace.Active > 1 ? Slice : TimeSpan.Zero);
        for (var step = 0; step < 4 * TeamPace.MostPatience; step++)
            pace.Record(Step, TimeSpan.Zero);
        Assert.Equal(3, pace.Active);

        pace.Record(Step, Slice);
        for (var step = 0; step < TeamPace.FirstPatience; step++)
            pace.Record(Step, TimeSpan.Zero);
        Assert.Equal(3, pace.Active);
    }
}
