using Penstock.Models.Adapters;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Models.Tests.Adapters;

/// <summary>An adapter is believed nothing: what is wrong with it is said by name, with a remedy.</summary>
public sealed class LoraFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Open_PebblesAdapters_SaysWhatTheyAre()
    {
        using var model = GgufFile.Open(Penstock.Tests.Support.TestData.InRepository("models", "pebble.gguf"));
        foreach (var name in (string[])["pebble-formal-lora.gguf", "pebble-json-lora.gguf"])
        {
            using var adapter = LoraFile.Open(Penstock.Tests.Support.TestData.InRepository("models", name));
            Assert.Equal(("llama", 32, 43), (adapter.Architecture, adapter.Rank, adapter.Pairs.Count));
            adapter.RequireFinite();
            LoraBase.Of(model).RequireFit(adapter);
        }
    }

    [Fact]
    public void Open_RandomAdapter_HasAPairForEachMatrixAndAFingerprintOfItsContent()
    {
        using var model = Model();
        using var first = Adapter(model, new RandomAdapterOptions { Rank = 5, Alpha = 10 });
        using var same = Adapter(model, new RandomAdapterOptions { Rank = 5, Alpha = 10 });
        using var stronger = Adapter(model, new RandomAdapterOptions { Rank = 5, Alpha = 11 });
        LoraBase.Of(model).RequireFit(first);

        Assert.Equal((15, 2f), (first.Pairs.Count, first.Pairs[0].Scale));
        Assert.Equal(first.Digest, same.Digest);
        Assert.NotEqual(first.Digest, stronger.Digest);
    }

    public static TheoryData<string, string> Misfits => new()
    {
        { "architecture", "for the architecture qwen2, and model.gguf is llama" },
        { "missing", "changes blk.7.attn_q.weight, which model.gguf does not have" },
        { "inputs", "blk.0.attn_q.weight.lora_a has 32 inputs, but the matrix in model.gguf has 64" },
        { "outputs", "blk.0.attn_q.weight.lora_b has 32 outputs, but the matrix in model.gguf has 64" },
        { "embedding", "changes token_embd.weight: embeddings are looked up" },
        { "norm", "changes blk.0.attn_norm.weight, which is not one matrix" },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void RequireFit_ForAnotherModel_NamesWhatDiffers(string what, string message)
    {
        using var model = Model();
        var (target, inputs, outputs) = what switch
        {
            "missing" => ("blk.7.attn_q.weight", 64, 64),
            "inputs" => ("blk.0.attn_q.weight", 32, 64),
            "outputs" => ("blk.0.attn_q.weight", 64, 32),
            "embedding" => ("token_embd.weight", 64, 512),
            "norm" => ("blk.0.attn_norm.weight", 64, 1),
            _ => ("blk.0.attn_q.weight", 64, 64),
        };
        using var adapter = LoraFile.Open(Write([new($"{target}.lora_a", TensorType.F32, [inputs, 2]), new($"{target}.lora_b", TensorType.F32, [2, outputs])], what == "architecture" ? "qwen2" : "llama"));

        Assert.Contains(message, Assert.Throws<GgufException>(() => LoraBase.Of(model).RequireFit(adapter)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "no pair", "x.weight.lora_a lacks its .lora_b" },
        { "ranks", "rank 2 in .lora_a and 3 in .lora_b" },
        { "huge rank", "has rank 2000; 1 to 1024 makes sense" },
        { "type", "has the type I32" },
        { "vector", "is not two matrices" },
        { "other tensor", "blk.0.attn_norm.weight is neither" },
        { "nothing", "the adapter has no tensors" },
        { "kind", "is of the type control_vector" },
        { "model", "is not an adapter" },
        { "activated", "activated LoRA" },
        { "alpha NaN", "adapter.lora.alpha is NaN" },
        { "alpha negative", "adapter.lora.alpha is -1" },
        { "alpha huge", "adapter.lora.alpha is 1E+09" },
        { "alpha missing", "adapter.lora.alpha is missing" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Open_OfWhatIsNoAdapter_NamesIt(string what, string message)
    {
        GgufTensorLayout A(int rank = 2, TensorType type = TensorType.F32) => new("x.weight.lora_a", type, [8, rank]);
        GgufTensorLayout B(int rank = 2) => new("x.weight.lora_b", TensorType.F32, [rank, 8]);
        GgufTensorLayout[] tensors = what switch
        {
            "no pair" => [A()],
            "ranks" => [A(), B(3)],
            "huge rank" => [A(2000), B(2000)],
            "type" => [A(type: TensorType.I32), B()],
            "vector" => [new("x.weight.lora_a", TensorType.F32, [8]), B()],
            "other tensor" => [A(), B(), new("blk.0.attn_norm.weight", TensorType.F32, [8])],
            "nothing" => [],
            _ => [A(), B()],
        };
        float? alpha = what switch { "alpha NaN" => float.NaN, "alpha negative" => -1, "alpha huge" => 1e9f, "alpha missing" => null, _ => 4 };
        var path = Write(tensors, type: what == "model" ? "model" : "adapter", kind: what == "kind" ? "control_vector" : "lora", alpha: alpha, activated: what == "activated");

        Assert.Contains(message, Assert.Throws<GgufException>(() => LoraFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Read_OfWeightsThatAreNoNumbers_NamesTheTensor(float value)
    {
        var path = Write([new("x.weight.lora_a", TensorType.F32, [8, 2]), new("x.weight.lora_b", TensorType.F32, [2, 8])], last: value);
        using var adapter = LoraFile.Open(path);
        Assert.Contains("x.weight.lora_b holds infinite or NaN weights", Assert.Throws<GgufException>(adapter.RequireFinite).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_CutAtEveryLength_IsRefused()
    {
        var whole = File.ReadAllBytes(Write([new("x.weight.lora_a", TensorType.F16, [8, 2]), new("x.weight.lora_b", TensorType.F16, [2, 8])]));
        var path = folder.File("cut.gguf");
        for (var length = 0; length < whole.Length - 31; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<GgufException>(() => LoraFile.Open(path).Dispose());
        }
    }

    private GgufFile Model()
    {
        RandomModel.Write(folder.File("model.gguf"), new RandomModelOptions());
        return GgufFile.Open(folder.File("model.gguf"));
    }

    private LoraFile Adapter(GgufFile model, RandomAdapterOptions options)
    {
        var path = folder.File($"{Guid.NewGuid()}.gguf");
        RandomAdapter.Write(path, model, options);
        return LoraFile.Open(path);
    }

    private string Write(
        GgufTensorLayout[] tensors, string architecture = "llama", string type = "adapter", string kind = "lora", float? alpha = 4, bool activated = false, float last = 0.5f)
    {
        var path = folder.File("adapter.gguf");
        List<KeyValuePair<string, GgufValue>> pairs = [new("general.architecture", architecture), new("general.type", type), new("adapter.type", kind)];
        if (alpha is { } strength)
            pairs.Add(new("adapter.lora.alpha", strength));
        if (activated)
            pairs.Add(new("adapter.alora.invocation_tokens", "1"));
        using var writer = GgufWriter.Create(path, pairs, tensors);
        foreach (var tensor in tensors)
        {
            var bytes = new byte[tensor.ByteLength];
            if (tensor == tensors[^1] && bytes.Length >= 4)
                BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), last);
            writer.Append(bytes);
        }

        writer.Complete();
        return path;
    }
}
