using System.Text.Json;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Cli.Tests.Models;

public sealed class ModelsCommandTests : IDisposable
{
    private readonly CommandLine folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Inspect_Json_HasTheNamesThatScriptsRelyOn()
    {
        var (exitCode, output, _) = await CommandLine.RunAsync("models", "inspect", Model("m.gguf"), "--json");

        var json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, exitCode);
        Assert.Equal("llama", json.GetProperty("architecture").GetString());
        Assert.Equal(new RandomModelOptions().ParameterCount, json.GetProperty("parameters").GetInt64());
        Assert.StartsWith("sha256:", json.GetProperty("fingerprint").GetString());
        Assert.Equal(21, json.GetProperty("tensors").GetProperty("F32").GetInt32());
        Assert.Equal(2 * 2 * 2 * 2 * 16, json.GetProperty("kv_bytes_per_token_f16").GetInt64());
        Assert.Equal(2048, json.GetProperty("context_length").GetInt32());
    }

    [Fact]
    public async Task Inspect_WithLists_ShowsTensorsAndMetadata()
    {
        var (exitCode, output, _) = await CommandLine.RunAsync("models", "inspect", Model("m.gguf"), "--tensors", "--metadata");

        Assert.Equal(0, exitCode);
        Assert.Contains("blk.1.ffn_down.weight", output);
        Assert.Contains("tokenizer.ggml.tokens", output);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task Inspect_Adapter_ShowsBaseRankAndAlpha()
    {
        var path = Adapter("adapter.gguf", new("blk.0.attn_q.weight.lora_a", TensorType.F32, [32, 4]), new("blk.0.attn_q.weight.lora_b", TensorType.F32, [4, 32]));

        var (exitCode, output, _) = await CommandLine.RunAsync("models", "inspect", path, "--json");
        var (_, text, _) = await CommandLine.RunAsync("models", "inspect", path);

        var json = JsonDocument.Parse(output).RootElement;
        var adapter = json.GetProperty("adapter");
        Assert.Equal(0, exitCode);
        Assert.Equal(("llama", 4, 8), (adapter.GetProperty("base_architecture").GetString(), adapter.GetProperty("rank").GetInt32(), adapter.GetProperty("alpha").GetInt32()));
        Assert.Equal((256, JsonValueKind.Null), (json.GetProperty("parameters").GetInt32(), json.GetProperty("problem").ValueKind));
        Assert.Contains("rank 4, alpha 8, for models of the architecture llama", text);
    }

    [Fact]
    public async Task Inspect_AdapterWithoutMatrices_ShowsTheProblem()
    {
        var (exitCode, output, _) = await CommandLine.RunAsync("models", "inspect", Adapter("adapter.gguf"), "--json");

        Assert.Equal(0, exitCode);
        Assert.Contains("the adapter has no tensors", JsonDocument.Parse(output).RootElement.GetProperty("problem").GetString());
    }

    [Fact]
    public async Task List_Adapter_IsNoFault()
    {
        var path = Adapter("adapter.gguf", new("blk.0.attn_q.weight.lora_a", TensorType.F32, [32, 4]), new("blk.0.attn_q.weight.lora_b", TensorType.F32, [4, 32]));

        var (exitCode, output, _) = await CommandLine.RunAsync("models", "list", path);

        Assert.Equal(0, exitCode);
        Assert.Contains("LoRA adapter of rank 4, alpha 8", output);
    }

    [Fact]
    public async Task RandomAndQuantize_PartialFileOfAKilledRun_IsOverwritten()
    {
        await File.WriteAllBytesAsync(folder.File("r.gguf.partial"), new byte[8 << 20]);
        await File.WriteAllBytesAsync(folder.File("q.gguf.partial"), new byte[8 << 20]);

        var (randomExit, _, _) = await CommandLine.RunAsync("models", "random", "--parameters", "1M", "--type", "F16", "--out", folder.File("r.gguf"));
        var (quantizeExit, _, _) = await CommandLine.RunAsync("models", "quantize", folder.File("r.gguf"), folder.File("q.gguf"), "Q4_0");
        var (listExit, _, _) = await CommandLine.RunAsync("models", "list", folder.File("r.gguf"), folder.File("q.gguf"));

        Assert.Equal((0, 0, 0), (randomExit, quantizeExit, listExit));
        Assert.Empty(Directory.GetFiles(folder.File(""), "*.partial"));
        Assert.All(["r.gguf", "q.gguf"], file => Assert.True(new FileInfo(folder.File(file)).Length < 8 << 20));
    }

    [Fact]
    public async Task List_Folder_ShowsGoodAndBadFiles()
    {
        Model("good.gguf");
        await File.WriteAllTextAsync(folder.File("bad.gguf"), "not a model");

        var (exitCode, output, _) = await CommandLine.RunAsync("models", "list", folder.File(""), "--json");

        var models = JsonDocument.Parse(output).RootElement.GetProperty("models").EnumerateArray().Where(model => model.GetProperty("path").GetString()!.StartsWith(folder.File(""), StringComparison.Ordinal)).ToArray();
        Assert.Equal(0, exitCode);
        Assert.Equal(["bad.gguf", "good.gguf"], models.Select(model => Path.GetFileName(model.GetProperty("path").GetString())));
        Assert.Contains("not a GGUF", models[0].GetProperty("problem").GetString());
        Assert.Equal("random", models[1].GetProperty("name").GetString());
    }

    [Fact]
    public async Task List_NamedFileThatIsBad_Fails()
    {
        await File.WriteAllTextAsync(folder.File("bad.gguf"), "not a model");

        var (exitCode, _, error) = await CommandLine.RunAsync("models", "list", folder.File("bad.gguf"));

        Assert.Equal(1, exitCode);
        Assert.Contains("not a GGUF", error);
    }

    [Fact]
    public async Task RandomThenQuantize_GivesModelsThatInspect()
    {
        var (randomExit, made, _) = await CommandLine.RunAsync("models", "random", "--parameters", "1M", "--type", "f16", "--out", folder.File("r.gguf"));
        var (quantizeExit, quantized, _) = await CommandLine.RunAsync("models", "quantize", folder.File("r.gguf"), folder.File("q.gguf"), "q4_0");
        var (inspectExit, output, _) = await CommandLine.RunAsync("models", "inspect", folder.File("q.gguf"), "--json");

        Assert.Equal((0, 0, 0), (randomExit, quantizeExit, inspectExit));
        Assert.Contains("parameters in F16", made);
        Assert.Contains("tensors converted", quantized);
        Assert.Equal(1, JsonDocument.Parse(output).RootElement.GetProperty("tensors").GetProperty("Q8_0").GetInt32());
    }

    [Theory]
    [InlineData(1, "there is no such file. Check the path.", "models", "inspect", "{folder}/none.gguf")]
    [InlineData(1, "this is a folder", "models", "inspect", "{folder}")]
    [InlineData(1, "there is no such file or folder", "models", "list", "{folder}/none")]
    [InlineData(1, "its folder does not exist", "models", "random", "--parameters", "1M", "--out", "{folder}/none/r.gguf")]
    [InlineData(1, "there is no such file", "models", "quantize", "{folder}/none.gguf", "{folder}/q.gguf", "Q8_0")]
    [InlineData(2, "\"IQ4_XS\" cannot be made. Give one of F32, F16, BF16, Q8_0, Q6_K,", "models", "quantize", "a.gguf", "b.gguf", "IQ4_XS")]
    [InlineData(2, "\"8\" cannot be made", "models", "quantize", "a.gguf", "b.gguf", "8")]
    [InlineData(2, "\"many\" is not a number of parameters", "models", "random", "--parameters", "many", "--out", "r.gguf")]
    [InlineData(2, "\"-5M\" is not a number of parameters", "models", "random", "--parameters", "-5M", "--out", "r.gguf")]
    [InlineData(2, "Argument 'gpt2' not recognized", "models", "random", "--architecture", "gpt2", "--parameters", "1M", "--out", "r.gguf")]
    public async Task Run_BadInput_IsOneErrorLineWithARemedy(int expectedExit, string expected, params string[] args)
    {
        var (exitCode, output, error) = await CommandLine.RunAsync([.. args.Select(arg => arg.Replace("{folder}", folder.File("").TrimEnd('/'), StringComparison.Ordinal))]);

        Assert.Equal((expectedExit, ""), (exitCode, output));
        Assert.Contains(expected, error);
        Assert.Single(error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
    }

    private string Adapter(string name, params GgufTensorLayout[] tensors)
    {
        using var writer = GgufWriter.Create(
            folder.File(name), [new("general.architecture", "llama"), new("general.type", "adapter"), new("adapter.type", "lora"), new("adapter.lora.alpha", 8f)], tensors);
        foreach (var tensor in tensors)
            writer.Append(new byte[tensor.ByteLength]);
        writer.Complete();
        return folder.File(name);
    }

    private string Model(string name)
    {
        RandomModel.Write(folder.File(name), new());
        return folder.File(name);
    }
}
