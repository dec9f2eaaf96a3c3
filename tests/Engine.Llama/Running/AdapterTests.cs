using Penstock.Engine.Llama.Running;
using Penstock.Engine.Llama.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Models.Adapters;
using Penstock.Models.Gguf;
using Penstock.Tests.Support;

namespace Penstock.Engine.Llama.Tests.Running;

/// <summary>Adapters of pebble: each slice computes with its own, whatever the others of the step use.</summary>
public sealed class AdapterTests : IDisposable
{
    private static readonly int[] Prompt = [.. Enumerable.Range(3, 24)];

    private readonly LlamaModelRunner runner;
    private readonly int formal;
    private readonly int json;

    public AdapterTests()
    {
        Assert.SkipWhen(LibraryFolder.Find() is null, $"llama.cpp's libraries are not installed; run npm ci in native, or set {LibraryFolder.Variable}.");
        using var file = GgufFile.Open(Model("pebble.gguf"));
        runner = LlamaModelRunner.Load(file, new LlamaRunnerOptions { Threads = 1, KvTokens = 2048, MaxSequences = 8 });
        formal = Load("pebble-formal-lora.gguf");
        json = Load("pebble-json-lora.gguf");
    }

    public void Dispose() => runner.Dispose();

    [Fact]
    public void Run_AdaptersInOneStep_EachSliceLikeAlone()
    {
        AdapterUse[] uses = [default, new(formal, 1), new(json, 1), new(formal, 0.5f), default, new(json, 1)];
        var alone = uses.Select(use => Step((0, use))[0]).ToArray();
        for (var one = 0; one < 4; one++)
        {
            for (var other = 0; other < one; other++)
                Assert.NotEqual(alone[one], alone[other]);
        }

        var together = Step([.. uses.Select((use, sequence) => (sequence, use))]);
        for (var i = 0; i < uses.Length; i++)
            StepTests.AssertNear(alone[i], together[i]);
    }

    [Fact]
    public void Run_Decodes_LikeAlone()
    {
        AdapterUse[] uses = [new(json, 1), default, new(formal, 1)];
        var alone = uses.Select(use => Decode((0, use))[0]).ToArray();
        var together = Decode([.. uses.Select((use, sequence) => (sequence, use))]);
        for (var i = 0; i < uses.Length; i++)
            StepTests.AssertNear(alone[i], together[i]);
    }

    [Fact]
    public void Unload_WhatWasUsedLast_BaseGoesOnAndUseThrows()
    {
        var expected = Step((0, default))[0];
        Step((0, new AdapterUse(formal, 1)));
        var bytes = runner.Adapters.Bytes;
        runner.Adapters.Unload(formal);
        runner.Adapters.Unload(formal);
        Assert.True(runner.Adapters.Bytes < bytes);
        Assert.Equal(expected, Step((0, default))[0]);
        Assert.Throws<ArgumentException>(() => Step((0, new AdapterUse(formal, 1))));
    }

    [Fact]
    public void Load_AdapterOfAnotherModel_IsRefusedByName()
    {
        using var model = new TinyModel();
        using var other = model.Load();
        using var file = LoraFile.Open(Model("pebble-formal-lora.gguf"));
        var refused = Assert.Throws<GgufException>(() => other.Adapters.Load(file));
        Assert.Contains("pebble-formal-lora.gguf", refused.Message, StringComparison.Ordinal);
    }

    private static string Model(string name) => TestData.InRepository("models", name);

    private int Load(string name)
    {
        using var file = LoraFile.Open(Model(name));
        return runner.Adapters.Load(file);
    }

    private float[][] Step(params (int Sequence, AdapterUse Use)[] slices) => Run(slices, Prompt, keep: false);

    private float[][] Decode(params (int Sequence, AdapterUse Use)[] slices)
    {
        Run(slices, Prompt, keep: true);
        return Run(slices, [5], keep: false);
    }

    private float[][] Run((int Sequence, AdapterUse Use)[] slices, int[] tokens, bool keep)
    {
        var batch = new StepBatch();
        foreach (var (sequence, use) in slices)
        {
            var length = runner.Kv.Length(sequence);
            Assert.True(runner.Kv.TryReserve(sequence, length + tokens.Length));
            batch.Add(sequence, length, tokens, SliceOutput.LastRow, use);
        }

        Assert.Equal(StepOutcome.Completed, runner.Run(batch, new AbortSignal()));
        float[][] logits = [.. slices.Select((_, i) => runner.Logits(i).ToArray())];
        foreach (var (sequence, _) in slices)
        {
            if (!keep)
                runner.Kv.Release(sequence);
        }

        return logits;
    }
}
