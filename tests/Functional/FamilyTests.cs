using System.Net;
using System.Text.Json;
using Penstock.Functional.Tests.Hosting;
using Penstock.Gateway.Hosting;
using Penstock.Models.Random;
using Penstock.Tests.Support;

namespace Penstock.Functional.Tests;

/// <summary>
/// Each architecture with the chat template of a family that has it, over HTTP: a tiny model of noise, the CPU engine, the real template. Where the template
/// knows nothing of tools, a request with tools is refused rather than answered as if it had none.
/// </summary>
public sealed class FamilyTests : IDisposable
{
    private const string Question = """{"role":"user","content":"What is the weather in Oslo?"}""";

    // An id as Penstock makes them: Mistral's template refuses others.
    private const string History = Question + """
        ,{"role":"assistant","content":null,"tool_calls":[{"id":"Ab1Cd2Ef3","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Oslo\"}"}}]}
        ,{"role":"tool","tool_call_id":"Ab1Cd2Ef3","name":"weather","content":"{\"degrees\": 7}"}
        """;

    private const string Tools = """
        [{"type":"function","function":{"name":"weather","description":"The weather now","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]
        """;

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, string, int, bool> Families => new()
    {
        { "llama", "meta-llama-Llama-3.1-8B-Instruct", 0, true },
        { "llama", "meta-llama-Llama-3.2-3B-Instruct", 0, true },
        { "llama", "mistralai-Mistral-Nemo-Instruct-2407", 0, true },
        { "llama", "mistralai-Mistral-Nemo-Instruct-2407", 4, true },
        { "smollm3", "HuggingFaceTB-SmolLM3-3B", 0, false },
        { "gemma", "google-gemma-2-2b-it", 0, false },
        { "llama", "deepseek-ai-DeepSeek-R1-Distill-Llama-8B", 0, false },
        { "qwen2", "Qwen-Qwen2.5-7B-Instruct", 0, true },
        { "qwen3", "Qwen-Qwen3-0.6B", 0, true },
        { "qwen3moe", "Qwen-Qwen3-0.6B", 8, true },
        { "gemma2", "google-gemma-2-2b-it", 0, false },
        { "gemma3", "google-gemma-2-2b-it", 0, false },
        { "phi3", "microsoft-Phi-3.5-mini-instruct", 0, false },
        { "granite", "ibm-granite-granite-3.3-2B-Instruct", 0, true },
        { "granite", "ibm-granite-granite-4.0", 0, true },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Chat_OfAFamily_StreamsWhatItAnswersWhole(string architecture, string template, int experts, bool tools)
    {
        await using var server = await StartAsync(architecture, template, experts);

        await AssertAnswersAsync(server, $$"""{"model":"tiny","temperature":0,"ignore_eos":true,"max_tokens":12,"messages":[{{Question}}]""");
        if (!tools)
        {
            using var refused = await server.PostAsync("/v1/chat/completions", $$"""{"model":"tiny","max_tokens":1,"messages":[{{Question}}],"tools":{{Tools}}}""");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("does not show tools to the model", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        else
        {
            await AssertAnswersAsync(server, $$"""{"model":"tiny","temperature":0,"ignore_eos":true,"max_tokens":12,"messages":[{{History}}],"tools":{{Tools}}""");
        }
    }

    private static async Task AssertAnswersAsync(PebbleServer server, string request)
    {
        using var wholeResponse = await server.PostAsync("/v1/chat/completions", request + "}");
        var body = await wholeResponse.Content.ReadAsStringAsync();
        Assert.True(wholeResponse.IsSuccessStatusCode, body);
        var whole = JsonDocument.Parse(body).RootElement;
        using var streamed = await server.PostAsync("/v1/chat/completions", request + ""","stream":true}""");
        var deltas = (await streamed.Content.ReadAsStringAsync()).Split("\n\n")
            .Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line[6..]).RootElement.GetProperty("choices")[0].GetProperty("delta"))
            .ToList();

        var message = whole.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal(12, whole.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(Text(message, "content"), string.Concat(deltas.Select(delta => Text(delta, "content"))));
        Assert.Equal(Text(message, "reasoning_content"), string.Concat(deltas.Select(delta => Text(delta, "reasoning_content"))));
        await server.RecordAsync(wholeResponse);
        await server.RecordAsync(streamed);
    }

    private static string Text(JsonElement message, string name) => message.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";

    private async Task<PebbleServer> StartAsync(string architecture, string template, int experts)
    {
        RandomModel.Write(folder.File("tiny.gguf"), new RandomModelOptions
        {
            Name = "tiny",
            Architecture = architecture,
            ExpertCount = experts,
            ContextLength = 4096,
            ChatTemplate = await File.ReadAllTextAsync(TestData.Path("chat-templates", template + ".jinja")),
        });
        var server = new PebbleServer();
        server.Options.Models = [new ModelOptions(folder.File("tiny.gguf"))];
        server.Options.KvTokens = 4096;
        await server.InitializeAsync();
        return server;
    }
}
