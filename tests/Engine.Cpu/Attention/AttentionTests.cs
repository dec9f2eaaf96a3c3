using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Cpu.Threading;
using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Tests.Attention;

/// <summary>At some thousand tokens, with all that a layer may ask for: the law's bits on every path, and close to the definition.</summary>
public sealed unsafe class AttentionTests
{
    private const int Context = 4_200;
    private const int KvHeads = 2;
    private const int MaxRows = 40;

    public static TheoryData<KvType, int, int, int, float, float> Cases => new()
    {
        { KvType.F32, 2, 64, 0, 0, 0 },
        { KvType.F32, 1, 18, 0, 0.3f, 0 },
        { KvType.F32, 7, 32, 1_024, 0, 0 },
        { KvType.F32, 4, 96, 100, 0.0625f, 50 },
        { KvType.F16, 3, 64, 0, 0, 0 },
        { KvType.F16, 1, 80, 1_000, 0, 5 },
        { KvType.Q8_0, 2, 128, 0, 0, 0 },
        { KvType.Q8_0, 8, 32, 513, 0, 30 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Attention_OfLongContexts_FollowsTheLaw(KvType type, int queriesPerHead, int width, int window, float scale, float cap)
    {
        var settings = new LayerAttention { Window = window, Scale = scale, SoftCap = cap };
        var layout = new KvLayout(1, KvHeads, width, type);
        using var store = new CpuKvStore(layout, (Context / KvLayout.BlockTokens) + 4, 2, Context, modelKey: 1);
        var heads = Enumerable.Range(0, KvHeads).Select(head => Fill(store, head, settings)).ToArray();
        var stride = Strides.For(KvHeads * queriesPerHead * width);
        using var queries = new NativeBuffer(MaxRows * stride * sizeof(float));
        Randomize(new Span<float>(queries.Floats, MaxRows * stride), new Random(11), 4);
        foreach (var path in Enum.GetValues<KernelPath>().Where(path => path != KernelPath.Auto && KernelPaths.IsSupported(path)))
        {
            using var output = new ActivationBuffer(MaxRows, KvHeads * queriesPerHead * width);
            using var team = new ThreadTeam(path == KernelPath.Portable ? 1 : 3);
            using var phase = new AttentionPhase(store, team, MaxRows, queries.Floats, KvHeads * queriesPerHead, output.Rows, [settings], path);
            foreach (var (position, rows) in ((int, int)[])[(4_167, 33), (63, 3), (4_000, 1), (0, 20)])
            {
                var batch = new StepBatch();
                batch.Add(0, position, new int[rows], SliceOutput.None);
                phase.Plan(batch);
                phase.Run(team, 0);
                for (var row = 0; row < rows; row += 4)
                {
                    for (var query = 0; query < KvHeads * queriesPerHead; query += 3)
                    {
                        var expected = heads[query / queriesPerHead];
                        var at = new ReadOnlySpan<float>(queries.Floats + (row * stride) + (query * width), width).ToArray();
                        var actual = new ReadOnlySpan<float>(output.Rows.Values(row) + (query * width), width);
                        RunnerSteps.AssertSameBits(expected.ByTheLaw(at, position + row), actual, $"{path}, position {position + row}, head {query}");
                        if (path == KernelPath.Portable)
                            Assert.InRange(ReferenceDecoder.RelativeError(expected.ByDefinition(at, position + row), actual), 0, 5e-6);
                    }
                }
            }
        }
    }

    // What the blocks hold comes from the format, so that only the attention is compared. Blocks begin as junk, as after another sequence.
    private static ScalarAttention Fill(CpuKvStore store, int head, LayerAttention settings)
    {
        var layout = store.Layout;
        if (head == 0)
        {
            Assert.True(store.TryReserve(0, Context));
            for (var block = 0; block < store.TotalBlocks; block++)
                new Span<byte>(store.Block(block), (int)layout.BlockBytes).Fill(0xFF);
        }

        var random = new Random(head);
        var row = stackalloc float[layout.PaddedWidth];
        var (keys, values) = (new float[Context][], new float[Context][]);
        using var floats = new NativeBuffer(layout.HeadFloats * sizeof(float));
        for (var token = 0; token < Context; token++)
        {
            var block = store.Block(store.Table(0)[token / KvLayout.BlockTokens]);
            var slot = token % KvLayout.BlockTokens;
            if (slot == 0)
                ClearPadding(layout, block, head);
            Randomize(new Span<float>(row, layout.HeadWidth), random, 2);
            layout.Format.StoreKey(row, block + layout.Keys(0, head), slot);
            Randomize(new Span<float>(row, layout.HeadWidth), random, 2);
            layout.Format.StoreValue(row, block + layout.Values(0, head), slot);
            var stored = layout.Format.Values(block + layout.Values(0, head), floats.Floats, wide: false);
            values[token] = new ReadOnlySpan<float>(stored + (slot * layout.PaddedWidth), layout.HeadWidth).ToArray();
            stored = layout.Format.Keys(block + layout.Keys(0, head), floats.Floats, wide: false);
            keys[token] = new float[layout.HeadWidth];
            for (var i = 0; i < layout.HeadWidth; i++)
                keys[token][i] = stored[(i * KvLayout.BlockTokens) + slot];
        }

        return new ScalarAttention(keys, values, settings);
    }

    // Dimensions that no head has are zero from the start and never written.
    private static void ClearPadding(KvLayout layout, byte* block, int head)
    {
        if (layout.PaddedWidth == layout.HeadWidth)
            return;

        var element = layout.Type == KvType.F32 ? sizeof(float) : sizeof(ushort);
        for (var slot = 0; slot < KvLayout.BlockTokens; slot++)
            new Span<byte>(block + layout.Values(0, head) + (((slot * layout.PaddedWidth) + layout.HeadWidth) * element), (layout.PaddedWidth - layout.HeadWidth) * element).Clear();
    }

    private static void Randomize(Span<float> values, Random random, float range)
    {
        foreach (ref var value in values)
            value = (float)(random.NextDouble() - 0.5) * range;
    }
}
