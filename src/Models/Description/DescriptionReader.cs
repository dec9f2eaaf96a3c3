using Penstock.Models.Gguf;

namespace Penstock.Models.Description;

/// <summary>Reads <see cref="ModelDescription"/> from the keys of llama.cpp's <c>LLM_KV</c> table.</summary>
internal sealed class DescriptionReader(GgufFile file)
{
    // Far above any real model (Llama 3.1 405B: width 16,384, ffn 53,248, 126 layers) and small enough that products of two cannot overflow a long.
    private const int WidthBound = 1 << 20;
    private const int LayerBound = 4_096;

    // Of all heads together (Llama 3.1 405B: 16,384): what is computed from it in 32 bits, rows of a fused matrix and offsets in a row, cannot overflow.
    private const int HeadsBound = 1 << 24;
    private const int ContextBound = 1 << 30;
    private const int ExpertBound = 4_096;

    private readonly GgufMetadata metadata = file.Metadata;
    private readonly string architecture = file.Metadata.String("general.architecture");

    public ModelDescription Read()
    {
        var type = metadata.StringOrDefault("general.type", "model");
        if (type != "model")
            throw Fault("general.type", $"is \"{GgufName.Printable(type!)}\": not a whole model", "Give the model itself.");

        var width = Size("embedding_length", WidthBound);
        var heads = Size("attention.head_count", WidthBound);
        var kvHeads = Size("attention.head_count_kv", WidthBound, heads);
        if (heads % kvHeads != 0)
            throw Fault(Key("attention.head_count_kv"), $"is {kvHeads} and does not divide {heads} heads");
        var headWidth = HeadWidth("attention.key_length", heads, width % heads == 0 ? width / heads : 0);

        return new ModelDescription
        {
            Architecture = architecture,
            Name = metadata.StringOrDefault("general.name") ?? Path.GetFileNameWithoutExtension(file.Path),
            ParameterCount = file.Tensors.Sum(tensor => tensor.ElementCount),
            ContextLength = Size("context_length", ContextBound),
            EmbeddingWidth = width,
            LayerCount = Size("block_count", LayerBound),
            HeadCount = heads,
            KvHeadCount = kvHeads,
            HeadWidth = headWidth,
            ValueHeadWidth = HeadWidth("attention.value_length", heads, headWidth),
            FeedForwardWidth = Size("feed_forward_length", WidthBound),
            NormEpsilon = ReadEpsilon(),
            Rope = ReadRope(headWidth),
            Attention = ReadAttention(),
            Scales = ReadScales(),
            VocabularySize = ReadVocabularySize(),
            ChatTemplate = metadata.StringOrDefault("tokenizer.chat_template"),
            PoolingType = ReadPooling(),
            Experts = ReadExperts(),
        };
    }

    private ExpertDescription? ReadExperts()
    {
        if (metadata.UInt32OrDefault(Key("expert_count"), 0) == 0)
            return null;

        var count = Size("expert_count", ExpertBound);
        var used = Size("expert_used_count", count);
        return new(count, used, metadata.UInt32OrDefault(Key("expert_feed_forward_length"), 0) == 0 ? null : Size("expert_feed_forward_length", WidthBound));
    }

    private RopeDescription ReadRope(int headWidth)
    {
        var width = Size("rope.dimension_count", WidthBound, headWidth);
        if (width > headWidth || width % 2 != 0)
            throw Fault(Key("rope.dimension_count"), $"is {width}; it must be even and at most the head's width, {headWidth}");

        var legacyFactor = metadata.Float32OrDefault(Key("rope.scale_linear"));
        var name = metadata.StringOrDefault(Key("rope.scaling.type"), legacyFactor is 0 or 1 ? "none" : "linear");
        var scaling = name switch
        {
            "none" => RopeScaling.None,
            "linear" => RopeScaling.Linear,
            "yarn" => RopeScaling.Yarn,
            "longrope" => RopeScaling.LongRope,
            _ => throw Fault(Key("rope.scaling.type"), $"is \"{GgufName.Printable(name!)}\"; none, linear, yarn and longrope are known"),
        };
        var factor = metadata.Float32OrDefault(Key("rope.scaling.factor"), legacyFactor);
        return new RopeDescription
        {
            Width = width,
            Base = Positive("rope.freq_base", metadata.Float32OrDefault(Key("rope.freq_base"), 10_000)),
            Scaling = scaling,
            // llama.cpp: a factor of 0 stands for none.
            Factor = scaling == RopeScaling.None || factor == 0 ? 1 : Positive("rope.scaling.factor", factor),
            OriginalContextLength = metadata.Contains(Key("rope.scaling.original_context_length")) ? Size("rope.scaling.original_context_length", ContextBound) : null,
            AttentionFactor = Positive("rope.scaling.attn_factor", metadata.Float32OrDefault(Key("rope.scaling.attn_factor"), 1)),
            ExtrapolationFactor = metadata.Float32OrDefault(Key("rope.scaling.yarn_ext_factor"), -1),
            BetaFast = Positive("rope.scaling.yarn_beta_fast", metadata.Float32OrDefault(Key("rope.scaling.yarn_beta_fast"), 32)),
            BetaSlow = Positive("rope.scaling.yarn_beta_slow", metadata.Float32OrDefault(Key("rope.scaling.yarn_beta_slow"), 1)),
            FactorsTensor = file.Find("rope_freqs.weight")?.Name,
            ShortFactorsTensor = file.Find("rope_factors_short.weight")?.Name,
            LongFactorsTensor = file.Find("rope_factors_long.weight")?.Name,
            Finetuned = metadata.Contains(Key("rope.scaling.finetuned")) ? metadata.Bool(Key("rope.scaling.finetuned")) : null,
        };
    }

    private AttentionDescription ReadAttention()
    {
        var pattern = Key("attention.sliding_window_pattern");
        var perLayer = metadata.TryGet(pattern, out var value) && value!.Type == GgufValueType.Array;
        return new AttentionDescription
        {
            Window = OptionalSize("attention.sliding_window", int.MaxValue),
            WindowPeriod = perLayer ? null : OptionalSize("attention.sliding_window_pattern", LayerBound),
            WindowLayers = perLayer ? ReadWindowLayers(pattern, value!) : null,
            WindowRopeBase = Optional("rope.freq_base_swa") is { } windowBase ? Positive("rope.freq_base_swa", windowBase) : null,
            Scale = Optional("attention.scale"),
            SoftCap = Optional("attn_logit_softcapping"),
        };
    }

    private bool[] ReadWindowLayers(string key, GgufValue value)
    {
        var layers = value.Content as bool[] ?? [.. metadata.Int32s(key).Select(item => item != 0)];
        var count = metadata.UInt32(Key("block_count"));
        return layers.Length >= count ? layers : throw Fault(key, $"has {layers.Length} entries for {count} layers");
    }

    private ScaleDescription ReadScales() => new()
    {
        Embedding = Optional("embedding_scale"),
        Residual = Optional("residual_scale"),
        // Granite divides by it: there is no model without.
        Logits = architecture == "granite" ? Positive("logit_scale", metadata.Float32(Key("logit_scale"))) : Optional("logit_scale"),
        LogitsSoftCap = Optional("final_logit_softcapping"),
    };

    private float ReadEpsilon()
    {
        // Older architectures (gpt2, falcon, starcoder2) have plain layer norms and the other key.
        const string Rms = "attention.layer_norm_rms_epsilon", Plain = "attention.layer_norm_epsilon";
        var name = metadata.Contains(Key(Plain)) && !metadata.Contains(Key(Rms)) ? Plain : Rms;
        return Positive(name, metadata.Float32(Key(name)));
    }

    private int ReadVocabularySize() => metadata.TryGet("tokenizer.ggml.tokens", out var tokens) && tokens!.Count > 0
        ? tokens.Count
        : Size("vocab_size", int.MaxValue);

    private PoolingType? ReadPooling()
    {
        var key = Key("pooling_type");
        if (!metadata.Contains(key))
            return null;
        var pooling = (PoolingType)metadata.UInt32(key);
        return Enum.IsDefined(pooling) ? pooling : throw Fault(key, $"is {(int)pooling}, which is not a known way of pooling");
    }

    private string Key(string name) => $"{architecture}.{name}";

    private int Size(string name, int bound, int otherwise = 0)
    {
        var key = Key(name);
        if (otherwise <= 0 && !metadata.Contains(key))
        {
            // Most often the file is whole and only of a kind that has other keys (state-space models, encoders).
            throw new GgufException(
                file.Path,
                $"the architecture is {GgufName.Printable(architecture)}, and the metadata key {GgufName.Printable(key)} is missing",
                "Use a model of an architecture that has llama's keys; if this should be one, convert it again with a current converter.");
        }

        var value = otherwise > 0 ? metadata.UInt32OrDefault(key, (uint)otherwise) : metadata.UInt32(key);
        return value > 0 && value <= bound ? (int)value : throw Fault(key, $"is {value}; 1 to {bound} makes sense");
    }

    private int HeadWidth(string name, int heads, int otherwise)
    {
        var width = Size(name, WidthBound, otherwise);
        return (long)width * heads <= HeadsBound ? width : throw Fault(Key(name), $"is {width}: with {heads} heads that is more than {HeadsBound} in all");
    }

    private int? OptionalSize(string name, int bound)
    {
        if (!metadata.Contains(Key(name)))
            return null;
        var value = metadata.UInt32(Key(name));
        return value <= bound ? (int)value : throw Fault(Key(name), $"is {value}; 0 to {bound} makes sense");
    }

    private float? Optional(string name)
    {
        if (!metadata.Contains(Key(name)))
            return null;
        var value = metadata.Float32(Key(name));
        return float.IsFinite(value) && value >= 0 ? value : throw Fault(Key(name), $"is {value}, not a number from 0 up");
    }

    private float Positive(string name, float value) =>
        float.IsFinite(value) && value > 0 ? value : throw Fault(Key(name), $"is {value}, not a positive number");

    private GgufException Fault(string key, string problem, string remedy = "Convert the model again with a current converter.") =>
        new(file.Path, $"the metadata key {GgufName.Printable(key)} {problem}", remedy);
}
