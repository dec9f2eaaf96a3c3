using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>What an architecture does differently from llama, from its paper and the keys of a file: written down a second time, so that a mistake in the engine's is seen.</summary>
internal sealed record ReferenceRules
{
    /// <summary>Dimensions half a head apart turn together, not neighbours.</summary>
    public bool RotatesHalves { get; init; }

    /// <summary>Which layers know positions.</summary>
    public Func<int, bool> Rotates { get; init; } = _ => true;

    public bool NormsHeads { get; init; }

    public bool NormsResults { get; init; }

    public bool Gelu { get; init; }

    public double EmbeddingScale { get; init; } = 1;

    public double ResidualScale { get; init; } = 1;

    public double LogitsDivisor { get; init; } = 1;

    /// <summary>0: none.</summary>
    public double LogitsCap { get; init; }

    public required double ScoreScale { get; init; }

    /// <summary>0: none.</summary>
    public double ScoreCap { get; init; }

    /// <summary>0: none.</summary>
    public int Window { get; init; }

    /// <summary>Which layers have the window.</summary>
    public Func<int, bool> Windowed { get; init; } = _ => true;

    public required double RopeBase { get; init; }

    /// <summary>In layers with a window.</summary>
    public double? WindowRopeBase { get; init; }

    public required double RopeFactor { get; init; }

    public static ReferenceRules Of(GgufFile file)
    {
        var architecture = file.Metadata.String("general.architecture");
        double Number(string key, double otherwise) => file.Metadata.Float32OrDefault($"{architecture}.{key}", (float)otherwise);
        int Whole(string key) => (int)file.Metadata.UInt32OrDefault($"{architecture}.{key}");
        var scaled = Number("rope.scaling.factor", 1);
        var usual = new ReferenceRules
        {
            ScoreScale = 1 / Math.Sqrt(Whole("attention.key_length")),
            RopeBase = Number("rope.freq_base", 10_000),
            RopeFactor = scaled,
        };
        var root = Math.Sqrt(Whole("embedding_length"));
        return architecture switch
        {
            "llama" => usual with { Window = Whole("attention.sliding_window") },
            "qwen2" or "phi3" => usual with { RotatesHalves = true },
            "qwen3" or "qwen3moe" => usual with { RotatesHalves = true, NormsHeads = true },
            "granite" => usual with
            {
                EmbeddingScale = Number("embedding_scale", 0),
                ResidualScale = Number("residual_scale", 0),
                ScoreScale = Number("attention.scale", 0),
                LogitsDivisor = Number("logit_scale", 0),
            },
            "smollm3" => usual with { Rotates = layer => layer % 4 != 3 },
            "gemma" => usual with { RotatesHalves = true, Gelu = true, EmbeddingScale = root },
            "gemma2" => usual with
            {
                RotatesHalves = true,
                NormsResults = true,
                Gelu = true,
                EmbeddingScale = root,
                ScoreCap = 50,
                LogitsCap = 30,
                Window = Whole("attention.sliding_window"),
                Windowed = layer => layer % 2 == 0,
            },
            "gemma3" => usual with
            {
                RotatesHalves = true,
                NormsHeads = true,
                NormsResults = true,
                Gelu = true,
                EmbeddingScale = root,
                Window = Whole("attention.sliding_window"),
                Windowed = layer => layer % 6 != 5,
                WindowRopeBase = 10_000,
            },
            _ => throw new NotSupportedException($"The reference does not know {architecture}."),
        };
    }
}
