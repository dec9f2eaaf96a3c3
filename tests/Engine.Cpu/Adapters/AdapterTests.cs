using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Engine.Cpu.Tests.Adapters;

/// <summary>What an adapter adds is what its merged weights would; each row has its own, and nobody else notices.</summary>
public class AdapterTests
{
    [Theory]
    [InlineData(TensorType.F32, 1, 1f)]
    [InlineData(TensorType.F32, 5, 0.5f)]
    [InlineData(TensorType.F16, 16, 1f)]
    [InlineData(TensorType.BF16, 24, -0.75f)]
    [InlineData(TensorType.Q8_0, 32, 1f)]
    public void Logits_WithAnAdapter_AreThoseOfTheMergedWeights(TensorType type, int rank, float scale)
    {
        using var model = new TinyModel(new RandomModelOptions { EmbeddingWidth = 68, HeadCount = 2, KvHeadCount = 1, FeedForwardWidth = 99 });
        AssertMerged(model, new RandomAdapterOptions { Rank = rank, Alpha = rank / 4f, Type = type }, scale);
    }

    /// <summary>Query, key and value are rows of one tensor there, as are gate and up; so one A serves three matrices, and B is taken apart.</summary>
    [Theory]
    [InlineData(TensorType.F32, 7)]
    [InlineData(TensorType.Q8_0, 64)]
    public void Logits_WithAnAdapterOfFusedMatrices_AreThoseOfTheMergedWeights(TensorType type, int rank)
    {
        using var model = new TinyModel(new RandomModelOptions { Architecture = "phi3", HeadCount = 4, KvHeadCount = 2, EmbeddingWidth = 64, FeedForwardWidth = 75 });
        AssertMerged(model, new RandomAdapterOptions { Rank = rank, Alpha = rank, Type = type, Changes = name => name.Contains("attn_qkv", StringComparison.Ordinal) || name.Contains("ffn_up", StringComparison.Ordinal) }, 1);
    }

    /// <summary>Rounding an adapter to bytes costs less than the model's own rounding of what it multiplies.</summary>
    [Fact]
    public void Logits_WithAnAdapterInBytes_AreCloseToThoseOfTheFile()
    {
        using var model = TinyModel.Of(TensorType.Q8_0);
        float[][] logits = [.. Enum.GetValues<AdapterType>().Select(Logits)];
        Assert.InRange(LogitMath.RelativeError(logits[(int)AdapterType.File], logits[(int)AdapterType.Q8_0]), 1e-6, 2e-2);
        RunnerSteps.AssertSameBits(logits[(int)AdapterType.Q8_0], logits[(int)AdapterType.Auto], "auto, on a quantized model");

        float[] Logits(AdapterType type)
        {
            using var runner = CpuModelRunner.Load(model.File, new CpuRunnerOptions { Threads = 1, KvTokens = 512, AdapterType = type });
            Assert.Equal(type, runner.Adapters.Type);
            return runner.ExtendWith(new AdapterUse(TinyAdapter.Load(runner, model.File, new RandomAdapterOptions()), 1), 0, RunnerSteps.Tokens(40, seed: 5));
        }
    }

    private static void AssertMerged(TinyModel model, RandomAdapterOptions options, float scale)
    {
        using var adapter = new TinyAdapter(model.File, options);
        var path = Path.GetTempFileName();
        try
        {
            MergedModel.Write(path, model.File, adapter.File, scale);
            var tokens = RunnerSteps.Tokens(40, seed: 1);
            using var file = GgufFile.Open(path);
            using var merged = CpuModelRunner.Load(file, new CpuRunnerOptions { Threads = 1, KvTokens = 512, KvType = KvType.F32 });
            using var runner = model.Load(threads: 2);
            var use = new AdapterUse(runner.Adapters.Load(adapter.File), scale);

            var (expected, plain, actual) = (merged.Extend(0, tokens), runner.Extend(1, tokens), runner.ExtendWith(use, 0, tokens));

            Assert.InRange(LogitMath.RelativeError(expected, actual), 0, 2e-5);
            Assert.InRange(LogitMath.RelativeError(expected, plain), 0.05, double.MaxValue);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Logits_WithAnAdapterOfSomeMatrices_ChangeAndOthersDoNot()
    {
        using var model = TinyModel.Of(TensorType.Q8_0);
        using var runner = model.Load();
        var number = TinyAdapter.Load(runner, model.File, new RandomAdapterOptions { Changes = name => name is "blk.1.ffn_down.weight" or "output.weight" });
        var tokens = RunnerSteps.Tokens(20, seed: 2);
        var plain = runner.Extend(0, tokens);
        Assert.NotEqual(plain, runner.ExtendWith(new AdapterUse(number, 1), 1, tokens));
        RunnerSteps.AssertSameBits(plain, runner.ExtendWith(new AdapterUse(number, 0), 2, tokens), "scale 0");
        RunnerSteps.AssertSameBits(plain, runner.Extend(3, tokens), "no adapter");
    }

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_K)]
    public void Logits_UnderRandomSchedulesWithAdapters_AreTheSameBits(TensorType type)
    {
        using var model = TinyModel.Of(type);
        using var single = model.Load(path: KernelPath.Portable);
        int[] ranks = [16, 3, 40];
        RandomAdapterOptions[] options = [.. ranks.Select((rank, i) => new RandomAdapterOptions { Rank = rank, Alpha = rank, Seed = (ulong)i, Type = i == 1 ? TensorType.F32 : TensorType.F16 })];
        int[] numbers = [.. options.Select(one => TinyAdapter.Load(single, model.File, one))];
        AdapterUse[] uses = [default, new(numbers[0], 1), new(numbers[0], 0.25f), new(numbers[1], 0.5f), new(numbers[2], 1)];
        AloneAnswers[] expected = [.. uses.Select((use, i) => new AloneAnswers(single, use, sequence: i))];
        var played = 0;
        foreach (var path in Enum.GetValues<KernelPath>().Where(path => path != KernelPath.Auto && KernelPaths.IsSupported(path)))
        {
            for (var threads = 1; threads <= 3; threads++)
            {
                using var runner = model.Load(threads, path);
                Assert.Equal(numbers, options.Select(one => TinyAdapter.Load(runner, model.File, one)));
                for (var i = 0; i < 6; i++)
                {
                    var schedule = new RandomSchedule(runner, expected, played++);
                    schedule.Play(steps: i == 0 ? 30 : 6);
                    schedule.End();
                }
            }
        }
    }

    [Fact]
    public void Run_EightRowsWithEightAdapters_EachAsAlone()
    {
        using var model = TinyModel.Of(TensorType.Q8_0);
        using var runner = model.Load(threads: 2);
        var numbers = Enumerable.Range(0, 8).Select(i => TinyAdapter.Load(runner, model.File, new RandomAdapterOptions { Seed = (ulong)i })).ToArray();
        var tokens = RunnerSteps.Tokens(12, seed: 3);
        float[][] alone = [.. numbers.Select((number, i) => runner.ExtendWith(new AdapterUse(number, 1), i, tokens))];
        for (var i = 0; i < 8; i++)
        {
            runner.Kv.Truncate(i, 11);
            Assert.True(runner.Kv.TryReserve(i, 12));
        }

        var batch = new StepBatch();
        for (var i = 0; i < 8; i++)
            batch.Add(i, 11, tokens.AsSpan(11), SliceOutput.LastRow, new AdapterUse(numbers[i], 1));
        Assert.Equal(StepOutcome.Completed, runner.Run(batch, new AbortSignal()));
        for (var i = 0; i < 8; i++)
            RunnerSteps.AssertSameBits(alone[i], runner.Logits(i), $"row {i}");
        Assert.Equal(8, alone.Select(logits => logits[0]).Distinct().Count());
    }

    [Fact]
    public void Hidden_WithAnAdapter_IsItsOwn()
    {
        using var model = TinyModel.Of(TensorType.F32);
        using var runner = model.Load();
        var use = new AdapterUse(TinyAdapter.Load(runner, model.File, new RandomAdapterOptions()), 1);
        var tokens = RunnerSteps.Tokens(5, seed: 4);
        var expected = Hidden((0, use));
        float[][] mixed = Hidden((1, default), (2, use));
        Assert.Equal(expected[0], mixed[5]);
        Assert.NotEqual(expected[0], mixed[0]);

        float[][] Hidden(params (int Sequence, AdapterUse Adapter)[] slices)
        {
            var batch = new StepBatch();
            foreach (var (sequence, adapter) in slices)
            {
                Assert.True(runner.Kv.TryReserve(sequence, tokens.Length));
                batch.Add(sequence, 0, tokens, SliceOutput.Hidden, adapter);
            }

            Assert.Equal(StepOutcome.Completed, runner.Run(batch, new AbortSignal()));
            return [.. Enumerable.Range(0, batch.Rows).Select(row => runner.Hidden(row).ToArray())];
        }
    }

    [Fact]
    public void Unload_ThenUse_IsRefusedAndItsMemoryIsFree()
    {
        using var model = TinyModel.Of(TensorType.F32);
        using var runner = model.Load();
        var (first, second) = (TinyAdapter.Load(runner, model.File, new RandomAdapterOptions()), TinyAdapter.Load(runner, model.File, new RandomAdapterOptions { Seed = 2 }));
        var both = runner.Adapters.Bytes;
        runner.Adapters.Unload(first);
        runner.Adapters.Unload(first);
        Assert.Equal(both / 2, runner.Adapters.Bytes);
        Assert.Throws<ArgumentException>(() => runner.ExtendWith(new AdapterUse(first, 1), 0, 1, 2, 3));
        Assert.NotEmpty(runner.ExtendWith(new AdapterUse(second, 1), 0, 1, 2, 3));
        Assert.NotEqual(first, TinyAdapter.Load(runner, model.File, new RandomAdapterOptions()));
    }
}
