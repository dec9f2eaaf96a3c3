using Penstock.Engine.Llama.Contexts;
using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Models.Random;

namespace Penstock.Tools.Oracle.Fixtures;

/// <summary>What is recorded: a tiny random model for each weight type and variant of the architecture, and pebble.</summary>
internal static class FixtureCases
{
    private const string Chat =
        "<|im_start|>system\nYou are brief.<|im_end|>\n<|im_start|>user\nHello! What's 12 + 34? Привет, 日本語 🦙\t\tend<|im_end|>\n<|im_start|>assistant\n";

    private const string PebbleChat =
        "<|im_start|>user\nWhat is TTFT?<|im_end|>\n<|im_start|>assistant\nTTFT is the time to first token.<|im_end|>\n"
        + "<|im_start|>user\nReverse this list: sun moon tree<|im_end|>\n<|im_start|>assistant\ntree moon sun<|im_end|>\n"
        + "<|im_start|>user\nWrite a story about Nina the fox in the forest.<|im_end|>\n<|im_start|>assistant\nOnce upon a time, Nina the fox lived in the forest.<|im_end|>\n"
        + "<|im_start|>user\nGive JSON with name, age, city. Nina, aged 31, comes from Oslo.<|im_end|>\n<|im_start|>assistant\n{\"name\": \"Nina\", \"age\": 31, \"city\": \"Oslo\"}<|im_end|>\n"
        + "<|im_start|>user\n345 + 678 =<|im_end|>\n<|im_start|>assistant\n1023<|im_end|>\n";

    public static readonly IReadOnlyList<FixtureCase> All =
    [
        Random("f32", new()),
        Random("f16", new() { Type = TensorType.F16, Seed = 2 }),
        Random("bf16", new() { Type = TensorType.BF16, Seed = 3 }),
        Random("q8_0", new() { Type = TensorType.Q8_0, Seed = 4 }),
        Random("q4_0", new() { Type = TensorType.Q4_0, Seed = 5 }),
        Random("q8_0-wide", new() { Type = TensorType.Q8_0, Seed = 6, EmbeddingWidth = 256, HeadCount = 8, KvHeadCount = 2, FeedForwardWidth = 704, LayerCount = 4 }),
        Random("q4_0-wide", new() { Type = TensorType.Q4_0, Seed = 7, EmbeddingWidth = 256, HeadCount = 8, KvHeadCount = 2, FeedForwardWidth = 704, LayerCount = 4 }),
        Random("q4_1", new() { Type = TensorType.Q4_1, Seed = 21 }),
        Random("q5_0", new() { Type = TensorType.Q5_0, Seed = 22 }),
        Random("q5_1", new() { Type = TensorType.Q5_1, Seed = 23 }),
        Random("q2_k", Wide(QuantizationMix.Q2_K, 24)),
        Random("q3_k_m", Wide(QuantizationMix.Q3_K_M, 25)),
        Random("q4_k_m", Wide(QuantizationMix.Q4_K_M, 26)),
        Random("q5_k_m", Wide(QuantizationMix.Q5_K_M, 27)),
        Random("q6_k", Wide(QuantizationMix.Q6_K, 28)),
        Random("one-kv-head", new() { Seed = 8, KvHeadCount = 1 }),
        Random("all-kv-heads", new() { Seed = 9, KvHeadCount = 4, HeadWidth = 32 }),
        Random("tied", new() { Seed = 10, TiedOutput = true, Type = TensorType.Q8_0 }),
        Random("rope-linear", new() { Seed = 11, RopeScaling = RopeScaling.Linear }),
        Random("rope-yarn", new() { Seed = 12, RopeScaling = RopeScaling.Yarn }),
        Random("rope-factors", new() { Seed = 13, RopeFactors = true, RopeBase = 500_000 }),
        Random("qwen2", new() { Architecture = "qwen2", Seed = 31, KvHeadCount = 1 }),
        Random("qwen3", new() { Architecture = "qwen3", Seed = 32, HeadWidth = 32 }),
        Random("smollm3", new() { Architecture = "smollm3", Seed = 39, LayerCount = 5 }),
        Random("gemma", new() { Architecture = "gemma", Seed = 40, HeadWidth = 32 }),
        // The text is longer than the windows, and there are layers of both kinds.
        Random("gemma2", new() { Architecture = "gemma2", Seed = 33, HeadWidth = 32, LayerCount = 4, Window = 24 }),
        Random("gemma3", new() { Architecture = "gemma3", Seed = 34, HeadWidth = 32, LayerCount = 7, Window = 24, RopeBase = 1_000_000, RopeScaling = RopeScaling.Linear }),
        Random("phi3", new() { Architecture = "phi3", Seed = 35 }),
        // A context within and one beyond what LongRoPE's short factors are for.
        Random("phi3-short-context", new() { Architecture = "phi3", Seed = 36, RopeScaling = RopeScaling.LongRope, ContextLength = 4_096 }),
        Random("phi3-long-context", new() { Architecture = "phi3", Seed = 37, RopeScaling = RopeScaling.LongRope, ContextLength = 256 }),
        // Phi 4 mini rotates three quarters of a head.
        Random("phi3-partial", new() { Architecture = "phi3", Seed = 41, HeadCount = 2, HeadWidth = 32, RotatedWidth = 24, RopeScaling = RopeScaling.LongRope, ContextLength = 256, TiedOutput = true }),
        Random("granite", new() { Architecture = "granite", Seed = 38 }),
        Random("phi3-q8_0", new() { Architecture = "phi3", Seed = 39, Type = TensorType.Q8_0 }),
        Random("mixtral", new() { Seed = 40, ExpertCount = 8 }),
        Random("mixtral-q8_0", new() { Seed = 41, ExpertCount = 4, Type = TensorType.Q8_0 }),
        Random("qwen3moe", new() { Architecture = "qwen3moe", Seed = 42, HeadWidth = 32, ExpertCount = 16, ExpertsUsed = 4, ExpertWidth = 64 }),
        Random("qwen3moe-q4_k_m", Wide(QuantizationMix.Q4_K_M, 43) with { Architecture = "qwen3moe", HeadWidth = 32, ExpertCount = 6, ExpertsUsed = 3, ExpertWidth = 256 }),
        Random("kv-f16", new() { Seed = 44, HeadWidth = 32 }) with { Kv = KvCellType.F16 },
        Random("kv-q8_0", new() { Seed = 45, HeadWidth = 32 }) with { Kv = KvCellType.Q8_0 },
        Random("kv-f16-window", new() { Architecture = "gemma3", Seed = 46, HeadWidth = 32, LayerCount = 7, Window = 24 }) with { Kv = KvCellType.F16 },
        new("pebble", null, "models/pebble.gguf", string.Concat(Enumerable.Repeat(PebbleChat, 3))),
        new("pebble-formal", null, "models/pebble.gguf", PebbleChat) { Adapter = "models/pebble-formal-lora.gguf" },
        new("pebble-json-half", null, "models/pebble.gguf", PebbleChat) { Adapter = "models/pebble-json-lora.gguf", AdapterScale = 0.5f },
    ];

    // K types need rows of whole superblocks.
    private static RandomModelOptions Wide(QuantizationMix mix, ulong seed) =>
        new() { Mix = mix, Seed = seed, EmbeddingWidth = 256, HeadCount = 8, KvHeadCount = 2, FeedForwardWidth = 512 };

    private static FixtureCase Random(string name, RandomModelOptions options) => new(name, options with { Name = name }, null, Chat);
}
