using System.Buffers;
using Penstock.Engine.Running;

namespace Penstock.Tests.Engine.Conformance;

/// <summary>The chapter on adapters; skipped for a runner that has none.</summary>
public abstract partial class ModelRunnerConformance
{
    /// <summary>An adapter that fits the runner's model. Default: for the default shape of random models.</summary>
    /// <param name="number">1 or 2: two adapters.</param>
    protected virtual AdapterFile CreateAdapter(int number) => new(number);

    [Fact]
    public void Adapters_RowsOfOneStep_EachAsAlone()
    {
        using var runner = Create(new RunnerSize());
        var (first, second) = LoadBoth(runner);
        AdapterUse[] uses = [new(first, 1), default, new(second, 1), new(first, 0.5f), new(first, 1)];
        var prompts = uses.Select((_, i) => runner.Tokens(9 + (7 * i), seed: i)).ToArray();
        var expected = uses.Select((use, i) => runner.Alone(prompts[i], use)).ToArray();
        runner.Step([.. uses.Select((use, i) => (i, prompts[i], SliceOutput.LastRow, use))]);
        for (var i = 0; i < uses.Length; i++)
            AssertSame(runner, expected[i], runner.Logits(i));
    }

    [Fact]
    public void Adapters_AndScales_ChangeTheLogits()
    {
        using var runner = Create(new RunnerSize());
        var (first, second) = LoadBoth(runner);
        var prompt = runner.Tokens(12);
        AdapterUse[] uses = [default, new(first, 1), new(second, 1), new(first, 0.5f)];
        Assert.Equal(uses.Length, uses.Select(use => runner.Alone(prompt, use)[0]).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    public void Adapters_AnyChunking_SameLogits(int chunk)
    {
        using var runner = Create(new RunnerSize());
        var use = new AdapterUse(LoadBoth(runner).First, 1);
        var prompt = runner.Tokens(40);
        var expected = runner.Alone(prompt, use);
        for (var i = 0; i < prompt.Length; i += chunk)
            runner.Step((0, prompt[i..Math.Min(prompt.Length, i + chunk)], SliceOutput.LastRow, use));
        AssertSame(runner, expected, runner.Logits(0));
    }

    [Fact]
    public void Adapters_ForkSaveAndRestore_GoOnAsAlone()
    {
        using var runner = Create(new RunnerSize());
        var use = new AdapterUse(LoadBoth(runner).First, 1);
        var prompt = runner.Tokens(21);
        var expected = runner.Alone([.. prompt, 4], use);
        runner.Step((0, prompt, SliceOutput.LastRow, use));
        runner.Kv.Share(0, 1, 0, prompt.Length);
        var saved = new ArrayBufferWriter<byte>();
        runner.Kv.Save(0, saved);
        runner.Kv.Release(0);
        Assert.Equal(KvRestoreOutcome.Restored, runner.Kv.Restore(2, saved.WrittenSpan));
        runner.Step((1, [4], SliceOutput.LastRow, use), (2, [4], SliceOutput.LastRow, use));
        AssertSame(runner, expected, runner.Logits(0));
        AssertSame(runner, expected, runner.Logits(1));
    }

    [Fact]
    public void Unload_OneOfTwo_TheOtherGoesOnAndNumbersAreNotGivenAgain()
    {
        using var runner = Create(new RunnerSize());
        var (first, second) = LoadBoth(runner);
        var (use, prompt) = (new AdapterUse(second, 1), runner.Tokens(15));
        var (plain, expected) = (runner.Alone(prompt), runner.Alone(prompt, use));
        runner.Adapters!.Unload(first);
        runner.Adapters.Unload(first);
        AssertSame(runner, expected, runner.Alone(prompt, use));
        AssertSame(runner, plain, runner.Alone(prompt));
        using var again = CreateAdapter(1);
        Assert.DoesNotContain(runner.Adapters.Load(again.Lora), new[] { first, second });
    }

    private (int First, int Second) LoadBoth(IModelRunner runner)
    {
        Assert.SkipWhen(runner.Adapters is null, "The runner has no adapters.");
        using var first = CreateAdapter(1);
        using var second = CreateAdapter(2);
        return (runner.Adapters.Load(first.Lora), runner.Adapters.Load(second.Lora));
    }
}
