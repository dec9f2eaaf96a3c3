using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Models.Random;
using Penstock.Tests.Support;

namespace Penstock.Engine.Cpu.Tests.Running;

/// <summary>
/// The law of the house over everything at once: architectures x KV types x types of matrices, each sequence with an adapter of its own or none, on all kernel paths and 1 to 4
/// threads. CI plays a few schedules of each architecture and KV type; <c>PENSTOCK_SCHEDULES=10000</c> spreads so many over all combinations.
/// </summary>
public sealed class CombinedInvarianceTests
{
    private const string Variable = "PENSTOCK_SCHEDULES";
    private const int ShareOfACase = 4;

    private static readonly KernelPath[] Paths = [.. Enum.GetValues<KernelPath>().Where(path => path != KernelPath.Auto && KernelPaths.IsSupported(path))];
    private static readonly KvType[] KvTypes = Enum.GetValues<KvType>();

    /// <summary>In CI each architecture and KV type with one type of matrices, that of its turn; on a long run with every type.</summary>
    public static TheoryData<string, KvType, TensorType> Cases
    {
        get
        {
            var cases = new TheoryData<string, KvType, TensorType>();
            var turn = 0;
            foreach (var architecture in TinyArchitectures.Names.Select(row => row.Data))
            {
                foreach (var kv in KvTypes)
                {
                    var all = TensorCodec.Types.Index();
                    foreach (var (_, type) in LongRun.Count(Variable, 0) > 0 ? all : all.Where(entry => entry.Index == turn % TensorCodec.Types.Count))
                        cases.Add(architecture, kv, type);
                    turn++;
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_OfEachCombinationUnderRandomSchedules_AreTheSameBits(string architecture, KvType kv, TensorType type)
    {
        var all = TinyArchitectures.Names.Count * KvTypes.Length * TensorCodec.Types.Count;
        var schedules = (LongRun.Count(Variable, ShareOfACase * all) + all - 1) / all;
        var turn = Array.IndexOf(KvTypes, kv) + TensorCodec.Types.Index().First(entry => entry.Item == type).Index + architecture.Length;
        using var model = new TinyModel(Shape(architecture, type));
        RandomAdapterOptions[] adapters = [new() { Rank = 16, Alpha = 16, Seed = 1, Changes = Adaptable }, new() { Rank = 3, Alpha = 3, Seed = 2, Type = TensorType.F32, Changes = Adaptable }];
        using var single = Load(model, adapters, 1, KernelPath.Portable, kv, out var numbers);
        AdapterUse[] uses = [default, new(numbers[0], 1), new(numbers[0], 0.5f), new(numbers[1], 1)];
        AloneAnswers[] expected = [.. uses.Select((use, index) => new AloneAnswers(single, use, sequence: index))];

        // Two runners a case: over all cases every path meets every number of threads.
        for (var half = 0; half < 2; half++)
        {
            var pick = (2 * turn) + half;
            using var runner = Load(model, adapters, 1 + (pick / Paths.Length % 4), Paths[pick % Paths.Length], kv, out var own);
            Assert.Equal(numbers, own);
            for (var i = half; i < schedules; i += 2)
            {
                var schedule = new RandomSchedule(runner, expected, seed: i);
                schedule.Play(steps: i == 0 ? 20 : 6);
                schedule.End();
            }
        }
    }

    // Adapters do not reach experts and their routers.
    private static bool Adaptable(string tensor) => !tensor.Contains("ffn_gate_inp", StringComparison.Ordinal);

    // Heads of whole blocks of 32, which KV in Q8_0 has; rows of whole superblocks for the types that have such.
    private static RandomModelOptions Shape(string architecture, TensorType type)
    {
        var shape = TinyArchitectures.Of(architecture) with { Type = type };
        return type.BlockElements() > 32
            ? shape with { EmbeddingWidth = 256, FeedForwardWidth = 256, HeadWidth = 64, LayerCount = Math.Min(shape.LayerCount, 3), ExpertWidth = shape.ExpertWidth > 0 ? 256 : 0 }
            : shape with { HeadWidth = 32 };
    }

    private static CpuModelRunner Load(TinyModel model, RandomAdapterOptions[] adapters, int threads, KernelPath path, KvType kv, out int[] numbers)
    {
        var runner = model.Load(threads, path, kvType: kv);
        numbers = [.. adapters.Select(options => TinyAdapter.Load(runner, model.File, options))];
        return runner;
    }
}
