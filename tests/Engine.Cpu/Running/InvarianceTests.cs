using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Tests.Running;

/// <summary>The law of the house: every output is one fixed-order reduction. Here: the same bits, whatever the schedule.</summary>
public class InvarianceTests
{
    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0)]
    public void Logits_UnderRandomSchedules_AreTheSameBits(TensorType type)
    {
        using var model = TinyModel.Of(type);
        using var single = model.Load();
        var expected = new AloneAnswers(single);
        for (var seed = 0; seed < 8; seed++)
        {
            using var runner = model.Load(threads: 1 + (seed % 4));
            new RandomSchedule(runner, expected, seed).Play(steps: 40);
        }
    }

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.BF16)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0)]
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
}
