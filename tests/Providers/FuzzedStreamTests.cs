using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Attempts;
using Penstock.Gateway.Hosting;
using Penstock.Providers.Tests.Hosting;
using Penstock.Routing.Attempts;
using Penstock.Tools.StandIn;

namespace Penstock.Providers.Tests;

/// <summary>A provider whose streams are torn, doubled and mangled: every client gets an answer that ends, and never half an event.</summary>
public sealed class FuzzedStreamTests : IAsyncLifetime
{
    private const int Streams = 100;

    private static readonly string[] Transcripts =
    [
        .. new[] { Behaviour.Azure, Behaviour.OpenRouter, Behaviour.Ollama, Behaviour.Vllm, Behaviour.Sglang, Behaviour.LlamaServer }
            .Select(behaviour => string.Concat(Dialects.Of(behaviour)!.Append("[DONE]").Select(item => item.StartsWith(':') ? $"{item}\n\n" : $"data: {item}\n\n"))),
    ];

    private const string Messages = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":5,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm\u00e9\ud83d\ude00"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":1}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    private const string Responses = """
        event: response.created
        data: {"type":"response.created","sequence_number":0,"response":{"id":"r","object":"response","status":"in_progress","model":"m","output":[],"usage":null}}

        event: response.output_text.delta
        data: {"type":"response.output_text.delta","sequence_number":1,"item_id":"i","output_index":0,"content_index":0,"delta":"Hello","logprobs":[]}

        event: response.completed
        data: {"type":"response.completed","sequence_number":2,"response":{"id":"r","object":"response","status":"completed","model":"m","output":[],"usage":{"input_tokens":7,"output_tokens":2}}}


        """;

    private WebApplication provider = null!;
    private WebApplication front = null!;
    private UpstreamCatalog upstream = null!;
    private HttpClient client = null!;
    private byte[] answer = [];

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        provider = builder.Build();
        provider.MapPost("/{**path}", async (HttpContext http) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.Body.WriteAsync(answer);
        });
        await provider.StartAsync();
        var openAi = new TargetOptions { Name = "openai", Kind = TargetKind.OpenAi, BaseUrl = new Uri(provider.Urls.First()), Models = ["o"], Surfaces = [WireForm.ChatCompletions, WireForm.Responses] };
        var anthropic = openAi with { Name = "anthropic", Kind = TargetKind.Anthropic, Models = ["a"], Surfaces = null };
        var once = RetryPolicy.Default with { MostAttempts = 1 };
        upstream = (await UpstreamCatalog.OpenAsync([openAi, anthropic], [], TimeProvider.System, once, new() { FewestCalls = int.MaxValue })).OrThrow();
        front = PenstockServer.Build(new ServeOptions { Urls = ["http://127.0.0.1:0"] }, [], new RecordingLedger(), TimeProvider.System, upstream: upstream);
        await front.StartAsync();
        client = new HttpClient { BaseAddress = new Uri(front.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await front.DisposeAsync();
        upstream.Dispose();
        await provider.DisposeAsync();
    }

    [Theory]
    [InlineData("/v1/chat/completions", "o")]
    [InlineData("/v1/chat/completions", "a")]
    [InlineData("/v1/messages", "o")]
    [InlineData("/v1/messages", "a")]
    [InlineData("/v1/responses", "o")]
    [InlineData("/v1/responses", "a")]
    public async Task Stream_Mangled_EndsAndIsWholeEvents(string path, string model)
    {
        foreach (var seed in Gen.Choose(0, int.MaxValue).Sample(Streams))
        {
            var random = new Random(seed);
            var transcript = model == "a" ? Messages : path == "/v1/responses" ? Responses : Transcripts[random.Next(Transcripts.Length)];
            answer = Mangle(Encoding.UTF8.GetBytes(transcript), random);
            using var response = await client.PostAsync(path, Ask(path, model), TestContext.Current.CancellationToken);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            if ((int)response.StatusCode != 200)
            {
                Assert.True((int)response.StatusCode is 400 or 429 or 502, $"seed {seed}: {(int)response.StatusCode}");
                Assert.True(JsonDocument.Parse(body).RootElement.TryGetProperty("error", out _), $"seed {seed}");
                continue;
            }

            AssertEvents(body, seed);
        }
    }

    // Every event is whole, and the last one says how it ended.
    private static void AssertEvents(string body, int seed)
    {
        Assert.True(body.EndsWith("\n\n", StringComparison.Ordinal), $"seed {seed}: half an event");
        var last = "";
        foreach (var item in body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var data = string.Join('\n', item.Split('\n').Where(line => line.StartsWith("data:", StringComparison.Ordinal)).Select(line => line["data:".Length..].Trim()));
            if (data is not ("" or "[DONE]"))
            {
                _ = JsonDocument.Parse(data);
            }

            last = data.Length > 0 ? data : last;
        }

        Assert.True(
            last == "[DONE]" || last.Contains("\"message_stop\"", StringComparison.Ordinal) || last.Contains("\"response.completed\"", StringComparison.Ordinal)
            || last.Contains("\"response.incomplete\"", StringComparison.Ordinal) || last.Contains("\"response.failed\"", StringComparison.Ordinal) || last.Contains("\"error\"", StringComparison.Ordinal),
            $"seed {seed}: ends with {last}");
    }

    private static StringContent Ask(string path, string model) => new(
        path == "/v1/responses" ? $$"""{"model":"{{model}}","store":false,"stream":true,"input":"hi"}""" : $$"""{"model":"{{model}}","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"hi"}]}""",
        Encoding.UTF8,
        "application/json");

    private static byte[] Mangle(byte[] bytes, Random random)
    {
        var mangled = bytes.ToList();
        for (var times = random.Next(1, 4); times > 0 && mangled.Count > 2; times--)
        {
            var (at, length) = (random.Next(mangled.Count), random.Next(1, 40));
            var piece = mangled.Skip(at).Take(length).ToArray();
            switch (random.Next(6))
            {
                case 0:
                    mangled.RemoveRange(at, mangled.Count - at);
                    break;
                case 1:
                    mangled.RemoveRange(at, piece.Length);
                    break;
                case 2:
                    mangled.InsertRange(random.Next(mangled.Count), piece);
                    break;
                case 3:
                    mangled[at] = (byte)random.Next(256);
                    break;
                case 4:
                    mangled.Insert(at, (byte)"\n\r\"{}[],:\\ "[random.Next(11)]);
                    break;
                default:
                    // A chunk of nothing, or half a surrogate pair: in a text, or in a field's name.
                    mangled.InsertRange(at, Encoding.UTF8.GetBytes(random.Next(2) == 0 ? "\n\ndata: {\"choices\":[null,{}]}\n\n" : "\\ud83d"));
                    break;
            }
        }

        return [.. mangled];
    }
}
