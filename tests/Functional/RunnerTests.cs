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
    public async Task Serve_TwoModelsOnLlama_PrefixIsCachedAndOnlyTheLaneIsDeterministic()
    {
        SkipWithoutLibraries();
        var pebble = PebbleServer.Pebble;
        await File.WriteAllTextAsync(
            folder.File("penstock.yaml"),
            $"models:\n  - {{ name: chat, path: {pebble}, runner: llama }}\n  - {{ name: exact, path: {pebble}, runner: llama, deterministic: true }}\n");
        await using var server = Serve("--config", "penstock.yaml");
        using var client = new HttpClient { BaseAddress = await server.AddressAsync() };

        await PostAsync(client, "/v1/chat/completions", Chat("chat"));
        var again = await PostAsync(client, "/v1/chat/completions", Chat("chat"));
        Assert.True((int)again["usage"]!["prompt_tokens_details"]!["cached_tokens"]! >= 16, $"{again["usage"]}");

        using var refused = await client.PostAsync("/v1/chat/completions", Json(Chat("chat", deterministic: true)));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("deterministic: true in its configuration", await refused.Content.ReadAsStringAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PostAsync(client, "/v1/chat/completions", Chat("exact", deterministic: true))));
        Assert.All(answers, answer => Assert.EndsWith("+deterministic", (string)answer["system_fingerprint"]!, StringComparison.Ordinal));
        Assert.Single(answers.Select(answer => $"{answer["penstock"]}").Distinct(StringComparer.Ordinal));
        Assert.NotNull(answers[0]["penstock"]!["digest"]);
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

    private static string Chat(string model, bool deterministic = false) =>
        new JsonObject
        {
            ["model"] = model,
            ["temperature"] = 0,
            ["max_tokens"] = 8,
            ["deterministic"] = deterministic,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = string.Join(' ', Enumerable.Repeat("What is the time to first token?", 8)) }),
        }.ToJsonString();

    private static StringContent Json(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, string json)
    {
        using var response = await client.PostAsync(path, Json(json));
        var body = await response.Content.ReadFromJsonAsync<JsonNode>();
        Assert.True(response.IsSuccessStatusCode, $"{body}");
        return body!;
    }

    private PenstockProcess Serve(params string[] arguments) => PenstockProcess.Start(folder.Path, ["serve", "--threads", "1", "--urls", "http://127.0.0.1:0", .. arguments]);
}
