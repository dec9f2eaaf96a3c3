using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Models.Random;

namespace Penstock.Engine.Cpu.Tests.Running;

/// <summary>The law of the house: every output is one fixed-order reduction. Here: the same bits, whatever the schedule.</summary>
public class InvarianceTests
{
    // Of each kernel path and number of threads, for types that most files are made of: 720 schedules in all on a machine that has all paths.
    private const int Schedules = 12;

    // Of each path, for the other types: their kernels are one tile with other loads. 180 schedules.
    private const int FewSchedules = 5;

    private static readonly TensorType[] Often = [TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0, TensorType.Q4_0];

    public static TheoryData<TensorType> Types => [.. TensorCodec.Types];

    [Theory]
    [MemberData(nameof(Types))]
    public void Logits_UnderRandomSchedules_AreTheSameBits(TensorType type)
    {
        using var model = TinyModel.Of(type);
        var (most, schedules) = Often.Contains(type) ? (4, Schedules) : (1, FewSchedules);
        Play(model, KvType.F32, most, schedules);
    }

    [Theory]
    [InlineData(KvType.F16)]
    [InlineData(KvType.Q8_0)]
    public void Logits_OfEachKvType_AreTheSameBits(KvType type)
    {
        using var model = new TinyModel(new RandomModelOptions { HeadWidth = 64 });
        Play(model, type, 4, Schedules);
    }

    /// <summary>Norms, windows, caps and factors of each architecture keep the law too: on the fastest path, 1 to 3 threads, 24 schedules.</summary>
    [Theory]
    [MemberData(nameof(TinyArchitectures.Names), MemberType = typeof(TinyArchitectures))]
    public void Logits_OfEachArchitectureUnderRandomSchedules_AreTheSameBits(string name)
    {
        using var model = new TinyModel(TinyArchitectures.Of(name) with { Type = TensorType.Q8_0 });
        using var single = model.Load(path: KernelPath.Portable);
        var expected = new AloneAnswers(single);
        for (var threads = 1; threads <= 3; threads++)
        {
            using var runner = model.Load(threads);
            for (var i = 0; i < 8; i++)
            {
                var schedule = new RandomSchedule(runner, expected, (100 * threads) + i);
                schedule.Play(steps: i == 0 ? 40 : 6);
                schedule.End();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Logits_OnEveryKernelPath_AreTheSameBits(TensorType type)
    {
        using var model = TinyModel.Of(type);
        var tokens = RunnerSteps.Tokens(70, seed: 3);
        using var portable = model.Load(path: KernelPath.Portable);
        var expected = portable.Prefill(0, tokens, 70);
        foreach (var path in Enum.GetValues<KernelPath>().Where(KernelPaths.IsSupported))
        {
            using var runner = model.Load(path: path);
            RunnerSteps.AssertSameBits(expected, runner.Prefill(0, tokens, 9), path.ToString());
        }
    }

    private static void Play(TinyModel model, KvType kvType, int mostThreads, int schedules)
    {
        using var single = model.Load(path: KernelPath.Portable, kvType: kvType);
        var expected = new AloneAnswers(single);
        var played = new List<RandomSchedule>();
        foreach (var path in Enum.GetValues<KernelPath>().Where(path => path != KernelPath.Auto && KernelPaths.IsSupported(path)))
        {
            for (var threads = 1; threads <= mostThreads; threads++)
            {
                using var runner = model.Load(mostThreads == 1 ? 3 : threads, path, kvType: kvType);
                for (var i = 0; i < schedules; i++)
                {
                    var schedule = new RandomSchedule(runner, expected, played.Count);
                    schedule.Play(steps: i == 0 ? 40 : 6);
                    schedule.End();
                    played.Add(schedule);
                }
            }
        }

        int[] covered = [played.Sum(one => one.Forks), played.Sum(one => one.Restores), played.Sum(one => one.Aborts), played.Sum(one => one.FullSteps)];
        Assert.All(covered, count => Assert.True(count > played.Count / 4));
    }
}
