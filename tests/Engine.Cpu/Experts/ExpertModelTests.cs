using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Engine.Cpu.Tests.Experts;

/// <summary>Whole models with experts.</summary>
public class ExpertModelTests
{
    private const int Schedules = 3;

    public static TheoryData<string, TensorType> Models => new(
        from architecture in new[] { "llama", "qwen3moe" }
        from type in new[] { TensorType.F32, TensorType.Q8_0, TensorType.Q4_K }
        select (architecture, type));

    [Theory]
    [MemberData(nameof(Models))]
    public void Logits_UnderRandomSchedules_AreTheSameBits(string architecture, TensorType type)
    {
        using var model = Model(architecture, type);
        using var single = model.Load(path: KernelPath.Portable);
        var expected = new AloneAnswers(single);
        for (var threads = 1; threads <= 3; threads++)
        {
            using var runner = model.Load(threads);
            for (var seed = 0; seed < Schedules; seed++)
            {
                var schedule = new RandomSchedule(runner, expected, (threads * Schedules) + seed);
                schedule.Play(steps: 8);
                schedule.End();
            }
        }
    }

    [Fact]
    public void Run_WithExperts_AllocatesNothing()
    {
        using var model = Model("qwen3moe", TensorType.Q8_0);
        using var runner = model.Load();
        var (batch, abort, tokens) = (new StepBatch(), new AbortSignal(), RunnerSteps.Tokens(400, seed: 1));
        Step(40);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Step(40);
        Step(1);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Step(int count)
        {
            var length = runner.Kv.Length(0);
            runner.Kv.TryReserve(0, length + count);
            batch.Clear();
            batch.Add(0, length, tokens.AsSpan(length, count), SliceOutput.LastRow);
            runner.Run(batch, abort);
        }
    }

    [Fact]
    public void WeightBytes_OfAModelWithExperts_CountThoseThatARowUses()
    {
        using var two = Model("llama", TensorType.Q8_0, used: 2);
        using var four = Model("llama", TensorType.Q8_0, used: 4);
        using var fewer = two.Load();
        using var more = four.Load();

        var expert = 3L * 64 * 160 / 32 * 34;
        Assert.Equal(2 * 2 * expert, more.WeightBytes - fewer.WeightBytes);
        Assert.Equal(2 * 2 * 3L * 64 * 160, more.MultiplyAddsPerRow - fewer.MultiplyAddsPerRow);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void WeightBytesRead_OfSteps_CountWhatIsReadOnceAStep(int experts)
    {
        using var model = new TinyModel(new RandomModelOptions { Type = TensorType.Q8_0, ExpertCount = experts });
        using var runner = model.Load();
        runner.Extend(0, 7);
        Assert.Equal(runner.WeightBytes, runner.WeightBytesRead);

        // Many rows use more of the experts, each read once.
        var before = runner.WeightBytesRead;
        runner.Extend(1, RunnerSteps.Tokens(100, seed: 2));
        var all = runner.WeightBytes + (experts == 0 ? 0 : 2 * 4 * 3L * 64 * 160 / 32 * 34);
        Assert.InRange(runner.WeightBytesRead - before, experts == 0 ? all : runner.WeightBytes + 1, all);
    }

    private static TinyModel Model(string architecture, TensorType type, int used = 2)
    {
        var wide = type.BlockElements() > 32;
        return new TinyModel(new RandomModelOptions
        {
            Architecture = architecture,
            Type = type,
            EmbeddingWidth = wide ? 256 : 64,
            FeedForwardWidth = wide ? 256 : 160,
            ExpertCount = 6,
            ExpertsUsed = used,
            ExpertWidth = wide ? 256 : 96,
        });
    }
}
