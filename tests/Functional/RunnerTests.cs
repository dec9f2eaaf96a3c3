using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Penstock.Engine.Llama;
using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary><c>penstock serve --runner</c>: which engine computes a model, and what is said when none can.</summary>
public sealed class RunnerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Serve_PebbleOnLlama_AnswersAndExitsWith0()
    {
        SkipWithoutLibraries();
        await using var server = Serve("--runner", "llama");
        using var client = new HttpClient { BaseAddress = await server.AddressAsync() };

        var chat = await PostAsync(client, "/v1/chat/completions", """{"model":"pebble","temperature":0,"messages":[{"role":"user","content":"What is TTFT?"}]}""");
        var embedding = await PostAsync(client, "/v1/embeddings", """{"model":"pebble","input":"hello"}""");

        Assert.Contains("first token", (string)chat["choices"]![0]!["message"]!["content"]!);
        Assert.EndsWith($"@engine.llama/{LlamaLibrary.Version}", (string)chat["system_fingerprint"]!, StringComparison.Ordinal);
        Assert.Equal(1, embedding["data"]![0]!["embedding"]!.AsArray().Sum(value => Math.Pow((double)value!, 2)), tolerance: 1e-3);
        server.Terminate();
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task Serve_TypeThatOnlyLlamaComputes_AutoTakesLlama()
    {
        SkipWithoutLibraries();
        Iq4Model.Write(folder.File("iq4.gguf"));
        await using var server = Serve("--model", "iq4.gguf");
        using var client = new HttpClient { BaseAddress = await server.AddressAsync() };

        var answer = await PostAsync(client, "/v1/completions", """{"model":"iq4","prompt":"a","max_tokens":3,"ignore_eos":true}""");

        Assert.Contains("@engine.llama/", (string)answer["system_fingerprint"]!);
    }

    [Fact]
    public async Task Serve_TypeThatOnlyLlamaComputesWithoutLibraries_SaysWhatIsMissingForEach()
    {
        Iq4Model.Write(folder.File("iq4.gguf"));
        var refused = await PenstockProcess.RunAsync(folder.Path, "serve", "--model", "iq4.gguf", "--llama-libraries", folder.Path);

        Assert.Equal(1, refused.ExitCode);
        Assert.Single(refused.Errors.Trim().Split('\n'));
        Assert.Contains("IQ4_NL", refused.Errors);
        Assert.Contains("npm ci", refused.Errors);
    }

    [Fact]
    public async Task Serve_RunnerThatWasNamed_IsNotReplacedByAnother()
    {
        Iq4Model.Write(folder.File("iq4.gguf"));
        await File.WriteAllTextAsync(folder.File("penstock.yaml"), "models:\n  - { path: iq4.gguf, runner: cpu }\n");
        var cpu = await PenstockProcess.RunAsync(folder.Path, "serve", "--config", "penstock.yaml");
        var llama = await PenstockProcess.RunAsync(folder.Path, "serve", "--runner", "llama", "--llama-libraries", folder.Path);

        Assert.Equal((1, 1), (cpu.ExitCode, llama.ExitCode));
        Assert.Contains("IQ4_NL", cpu.Errors);
        Assert.DoesNotContain("llama.cpp", cpu.Errors);
        Assert.Contains("npm ci", llama.Errors);
    }

    private static void SkipWithoutLibraries() =>
        Assert.SkipWhen(LibraryFolder.Find() is null, $"llama.cpp's libraries are not installed; run npm ci in native, or set {LibraryFolder.Variable}.");

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, string json)
    {
        using var response = await client.PostAsync(path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
        var body = await response.Content.ReadFromJsonAsync<JsonNode>();
        Assert.True(response.IsSuccessStatusCode, $"{body}");
        return body!;
    }

    private PenstockProcess Serve(params string[] arguments) => PenstockProcess.Start(folder.Path, ["serve", "--threads", "1", "--urls", "http://127.0.0.1:0", .. arguments]);
}
