using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Cpu.Threading;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Tests.Threading;

/// <summary>Several runners of one process on one team. The sizes here are used by no other test.</summary>
public class TeamLeaseTests
{
    [Fact]
    public void Take_OfOneSize_SharesATeamUntilTheLastIsGivenBack()
    {
        var first = TeamLease.Take(11);
        var second = TeamLease.Take(11);
        Assert.Same(first.Team, second.Team);

        first.Dispose();
        first.Dispose();
        using var third = TeamLease.Take(11);
        Assert.Same(second.Team, third.Team);

        second.Dispose();
        third.Dispose();
        using var fresh = TeamLease.Take(11);
        Assert.NotSame(third.Team, fresh.Team);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(1, 4)]
    public void Run_OfTwoRunnersAtATime_GivesEachItsBits(int threads, int otherThreads)
    {
        using var model = TinyModel.Of(TensorType.Q8_0);
        using var other = TinyModel.Of(TensorType.F16);
        var expected = Answers(model, threads: 1);
        var otherExpected = Answers(other, threads: 1);

        float[][] actual = [], otherActual = [];
        var thread = new Thread(() => otherActual = Answers(other, otherThreads));
        thread.Start();
        actual = Answers(model, threads);
        thread.Join();
        AssertSame(expected, actual);
        AssertSame(otherExpected, otherActual);
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 2, 0)]
    public void Dispose_InAnyOrder_LeavesTheOthersRunning(params int[] order)
    {
        using var model = TinyModel.Of(TensorType.Q8_0);
        var tokens = RunnerSteps.Tokens(20, seed: 1);
        using var single = model.Load();
        var expected = single.Prefill(0, tokens, 20);
        CpuModelRunner[] runners = [model.Load(threads: 3), model.Load(threads: 3), model.Load(threads: 3)];
        for (var i = 0; i < order.Length; i++)
        {
            foreach (var left in order[i..])
            {
                runners[left].Kv.Release(0);
                RunnerSteps.AssertSameBits(expected, runners[left].Prefill(0, tokens, 7), $"runner {left}");
            }

            runners[order[i]].Dispose();
        }
    }

    private static float[][] Answers(TinyModel model, int threads)
    {
        using var runner = model.Load(threads);
        return [.. RunnerSteps.Tokens(200, seed: 2).Select(token => runner.Extend(0, token))];
    }

    private static void AssertSame(float[][] expected, float[][] actual)
    {
        for (var i = 0; i < expected.Length; i++)
            RunnerSteps.AssertSameBits(expected[i], actual[i], $"step {i}");
    }
}
