using Penstock.Models.Random;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>A tiny random model for each architecture. Windows are shorter than the tests' texts, and alternating architectures have layers of both kinds.</summary>
public static class TinyArchitectures
{
    private static readonly Dictionary<string, RandomModelOptions> All = new()
    {
        ["llama"] = new(),
        ["mistral"] = new() { Window = 24 },
        ["qwen2"] = new() { Architecture = "qwen2" },
        ["qwen3"] = new() { Architecture = "qwen3", HeadWidth = 32 },
        ["smollm3"] = new() { Architecture = "smollm3", LayerCount = 5 },
        ["gemma"] = new() { Architecture = "gemma", HeadWidth = 32 },
        ["gemma2"] = new() { Architecture = "gemma2", HeadWidth = 32, LayerCount = 3, Window = 24 },
        ["gemma3"] = new() { Architecture = "gemma3", HeadWidth = 32, LayerCount = 7, Window = 24, RopeBase = 1_000_000 },
        ["phi3"] = new() { Architecture = "phi3" },
        ["phi3-partial"] = new() { Architecture = "phi3", HeadWidth = 32, RotatedWidth = 24 },
        ["mixtral"] = new() { ExpertCount = 6, ExpertsUsed = 2 },
        ["qwen3moe"] = new() { Architecture = "qwen3moe", ExpertCount = 8, ExpertsUsed = 3, ExpertWidth = 96 },
        ["granite"] = new() { Architecture = "granite" },
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static RandomModelOptions Of(string name) => All[name] with { Name = name };
}
