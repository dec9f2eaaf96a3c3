using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Models.Random;

/// <summary>The shape of a model with random weights. The defaults are a tiny one for tests.</summary>
public sealed record RandomModelOptions
{
    /// <summary><c>general.name</c>.</summary>
    public string Name { get; init; } = "random";

    /// <summary><c>general.architecture</c>, one of <see cref="Architectures"/>.</summary>
    public string Architecture { get; init; } = "llama";

    /// <summary>How all matrices are stored. A matrix whose rows are not whole superblocks takes the type with blocks of 32 that stands in for it, else F16.</summary>
    public TensorType Type { get; init; } = TensorType.F32;

    /// <summary>Give each matrix its type in this mix, in place of <see cref="Type"/>.</summary>
    public QuantizationMix? Mix { get; init; }

    /// <summary>The same seed and shape give the same bytes.</summary>
    public ulong Seed { get; init; } = 1;

    public int LayerCount { get; init; } = 2;

    /// <summary>Width of the residual stream.</summary>
    public int EmbeddingWidth { get; init; } = 64;

    public int HeadCount { get; init; } = 4;

    /// <summary>Divides <see cref="HeadCount"/>.</summary>
    public int KvHeadCount { get; init; } = 2;

    /// <summary>Even; 0 stands for <see cref="EmbeddingWidth"/> / <see cref="HeadCount"/>.</summary>
    public int HeadWidth { get; init; }

    public int FeedForwardWidth { get; init; } = 160;

    /// <summary>At least <see cref="RandomVocabulary.SmallestSize"/>.</summary>
    public int VocabularySize { get; init; } = 512;

    public int ContextLength { get; init; } = 2048;

    /// <summary>Leave out <c>output.weight</c>: the token embeddings serve as output too. Gemma's always do.</summary>
    public bool TiedOutput { get; init; }

    /// <summary>Dimensions of each head that are rotated: even; 0 stands for all. Architectures of llama's order rotate all.</summary>
    public int RotatedWidth { get; init; }

    public float RopeBase { get; init; } = 10_000;

    public RopeScaling RopeScaling { get; init; }

    /// <summary>The factor of <see cref="RopeScaling"/>.</summary>
    public float RopeFactor { get; init; } = 4;

    /// <summary>Write <c>rope_freqs.weight</c>, as Llama 3.1 and later have it.</summary>
    public bool RopeFactors { get; init; }

    /// <summary>Positions that windowed layers see, in architectures that have such; 0 stands for the architecture's usual.</summary>
    public int Window { get; init; }

    /// <summary>Experts of each layer, in place of one feed-forward layer; 0 stands for none, in architectures that always have some for 8.</summary>
    public int ExpertCount { get; init; }

    /// <summary>Experts that compute a token.</summary>
    public int ExpertsUsed { get; init; } = 2;

    /// <summary>Width of an expert in architectures that have a key for it; 0, and in the others, <see cref="FeedForwardWidth"/>.</summary>
    public int ExpertWidth { get; init; }

    /// <summary>Chat template in place of ChatML; null leaves it out.</summary>
    public string? ChatTemplate { get; init; } = RandomVocabulary.ChatMl;

    /// <summary>A shape of about that many parameters: head width 32 to 128, two to eight query heads a KV head, untied output where the architecture has such.</summary>
    /// <param name="parameters">From 500,000 to a trillion.</param>
    /// <param name="architecture">One of <see cref="Architectures"/>. One that always has experts gets 32 narrow ones, of which 4 are used.</param>
    /// <param name="experts">Experts in place of the feed-forward layer; 0 for none, or what the architecture has.</param>
    public static RandomModelOptions OfSize(long parameters, string architecture = "llama", int experts = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parameters, 500_000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parameters, 1_000_000_000_000);
        var shape = parameters switch
        {
            < 4_000_000 => Shape(128, 4, 2, 384, 1_024),
            < 25_000_000 => Shape(256, 8, 4, 768, 4_096),
            < 120_000_000 => Shape(512, 8, 4, 1_408, 32_000),
            < 700_000_000 => Shape(1_024, 16, 8, 2_816, 32_000),
            < 3_000_000_000 => Shape(2_048, 32, 8, 5_632, 32_000),
            < 20_000_000_000 => Shape(4_096, 32, 8, 14_336, 32_000),
            < 150_000_000_000 => Shape(8_192, 64, 8, 28_672, 32_000),
            _ => Shape(16_384, 128, 16, 53_248, 32_000),
        };
        shape = shape with { Architecture = architecture, ExpertCount = experts };
        if (RandomArchitecture.Of(shape).Experts)
            shape = shape with { ExpertCount = experts > 0 ? experts : 32, ExpertsUsed = Math.Min(4, experts > 0 ? experts : 32), ExpertWidth = (shape.FeedForwardWidth / 8 + 63) / 64 * 64 };
        var perLayer = shape.ParametersPerLayer;
        var layers = Math.Max(1, (parameters - (shape.ParameterCount - perLayer * shape.LayerCount) + perLayer / 2) / perLayer);
        return shape with { LayerCount = (int)layers };
    }

    /// <summary>The architectures that can be made.</summary>
    public static IReadOnlyCollection<string> Architectures => RandomArchitecture.Names;

    /// <summary>Values in all tensors.</summary>
    public long ParameterCount => RandomTensors.Of(this).Sum(tensor => tensor.Shape.Aggregate(1L, (product, dimension) => product * dimension));

    internal int ResolvedHeadWidth => HeadWidth > 0 ? HeadWidth : EmbeddingWidth / HeadCount;

    internal int ResolvedRotatedWidth => RotatedWidth > 0 ? RotatedWidth : ResolvedHeadWidth;

    internal bool ResolvedTiedOutput => TiedOutput || RandomArchitecture.Of(this).Tied;

    internal int ResolvedExpertCount => ExpertCount > 0 || !RandomArchitecture.Of(this).Experts ? ExpertCount : 8;

    internal int ResolvedExpertWidth => ExpertWidth > 0 && RandomArchitecture.Of(this).Experts ? ExpertWidth : FeedForwardWidth;

    private long ParametersPerLayer => (this with { LayerCount = 2 }).ParameterCount - (this with { LayerCount = 1 }).ParameterCount;

    private static RandomModelOptions Shape(int width, int heads, int kvHeads, int feedForward, int vocabulary) => new()
    {
        EmbeddingWidth = width,
        HeadCount = heads,
        KvHeadCount = kvHeads,
        FeedForwardWidth = feedForward,
        VocabularySize = vocabulary,
        ContextLength = 32_768,
    };
}
