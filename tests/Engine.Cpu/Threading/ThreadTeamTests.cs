using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Tests.Threading;

public class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Run_OfManyJobs_ComputesEachItemOnce(int threads)
    {
        using var team = new ThreadTeam(threads);
        var random = new Random(threads);
        for (var round = 0; round < 2_000; round++)
        {
            var job = new CountingJob(random.Next(0, 50), threads);
            team.Run(job, job.Counts.Length);
            Assert.All(job.Counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Run_BesideOthersThatUseTheCores_Completes()
    {
        using var stop = new CancellationTokenSource();
        var hogs = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => new Thread(() => Hog(stop.Token)) { IsBackground = true }).ToList();
        hogs.ForEach(hog => hog.Start());
        using (var team = new ThreadTeam(4))
        {
            var job = new CountingJob(64, 4);
            for (var round = 1; round <= 100; round++)
            {
                team.Run(job, job.Counts.Length);
                Assert.All(job.Counts, count => Assert.Equal(round, count));
            }
        }

        stop.Cancel();
        hogs.ForEach(hog => hog.Join());
    }

    [Fact]
    public void Run_OfAJobThatThrows_ThrowsAtTheCallerAndGoesOn()
    {
        using var team = new ThreadTeam(3);
        Assert.IsType<DivideByZeroException>(Assert.Throws<InvalidOperationException>(() => team.Run(new JobThatThrows(), 20)).InnerException);

        var job = new CountingJob(20, 3);
        team.Run(job, 20);
        Assert.All(job.Counts, count => Assert.Equal(1, count));
    }

    private static void Hog(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            Thread.SpinWait(1_000);
    }

    private sealed class CountingJob(int items, int workers) : ITeamJob
    {
        public int[] Counts { get; } = new int[items];

        public void Execute(int item, int worker)
        {
            Assert.InRange(worker, 0, workers - 1);
            Interlocked.Increment(ref Counts[item]);
        }
    }

    private sealed class JobThatThrows : ITeamJob
    {
        public void Execute(int item, int worker) => throw new DivideByZeroException();
    }
}
