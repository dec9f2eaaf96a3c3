using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Penstock.Functional.Tests.Hosting;
using Penstock.Gateway.Hosting;
using Penstock.Ledger;
using Penstock.Providers;

namespace Penstock.Functional.Tests;

/// <summary>
/// A server without models in front of one with pebble: requests in other forms than its provider's are translated there and back, and say what the provider says when it is
/// asked in their own.
/// </summary>
public sealed class FrontedSurfacesTests(PebbleServer behind) : IClassFixture<PebbleServer>, IAsyncLifetime
{
    private const string Tool = """{"type":"object","properties":{"city":{"type":"string","maxLength":20}},"required":["city"],"additionalProperties":false}""";

    private readonly TemporaryFolder data = new();
    private WebApplication? front;
    private HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new ServeOptions
        {
            Urls = ["http://127.0.0.1:0"],
            Store = new StoreOptions(data.File(LedgerOptions.DefaultFileName)),
            Targets = [Target("openai", TargetKind.OpenAi), Target("anthropic", TargetKind.Anthropic)],
            Routes = [new("as-openai", ["openai/pebble"]), new("as-anthropic", ["anthropic/pebble"]), new("either", ["anthropic/pebble", "openai/pebble"])],
        };
        front = PenstockServer.Build(options, await ServerParts.OpenAsync(options, TimeProvider.System), TimeProvider.System);
        await front.StartAsync();
        client = new HttpClient { BaseAddress = new Uri(front.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await front!.StopAsync();
        await front.DisposeAsync();
        data.Dispose();
    }

    private TargetOptions Target(string name, TargetKind kind) => new() { Name = name, Kind = kind, BaseUrl = new Uri(behind.Address, "v1"), Models = [name], Extensions = true };

    public static TheoryData<string, string> Questions => new()
    {
        { "/v1/messages", """{"model":"pebble","max_tokens":40,"temperature":0,"top_k":3,"messages":[{"role":"user","content":"What is TTFT?"}]""" },
        { "/v1/messages", """{"model":"pebble","max_tokens":3,"temperature":0,"messages":[{"role":"user","content":"What is TTFT?"}]""" },
        { "/v1/messages", $$"""{"model":"pebble","max_tokens":60,"temperature":0,"messages":[{"role":"user","content":"Weather in Oslo?"}],"tools":[{"name":"weather","input_schema":{{Tool}}}],"tool_choice":{"type":"any","disable_parallel_tool_use":true}""" },
        { "/v1/chat/completions", """{"model":"pebble","max_tokens":40,"temperature":0,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"What is TTFT?"}]""" },
        { "/v1/chat/completions", $$"""{"model":"pebble","max_tokens":60,"temperature":0,"messages":[{"role":"user","content":"Weather in Oslo?"}],"tools":[{"type":"function","function":{"name":"weather","parameters":{{Tool}} } }],"tool_choice":"required","parallel_tool_calls":false""" },
        { "/v1/responses", """{"model":"pebble","store":false,"max_output_tokens":40,"temperature":0,"input":"What is TTFT?" """ },
        { "/v1/responses", $$"""{"model":"pebble","store":false,"max_output_tokens":60,"temperature":0,"input":"Weather in Oslo?","tools":[{"type":"function","name":"weather","parameters":{{Tool}},"strict":true}],"tool_choice":"required","parallel_tool_calls":false""" },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Question_ThroughTheFront_IsAnsweredAsBehindIt(string path, string question)
    {
        foreach (var body in new[] { question + "}", question + ",\"stream\":true}" })
        {
            using var direct = await behind.PostAsync(path, body);
            var expected = Said(await direct.Content.ReadAsStringAsync());
            Assert.Equal(HttpStatusCode.OK, direct.StatusCode);
            Assert.NotEmpty(expected);
            foreach (var route in new[] { "as-openai", "as-anthropic", "either" })
            {
                using var fronted = await PostAsync(path, body.Replace("\"pebble\"", $"\"{route}\"", StringComparison.Ordinal));
                var text = await fronted.Content.ReadAsStringAsync();

                Assert.True(fronted.StatusCode == HttpStatusCode.OK, $"{route}: {text}");
                Assert.Equal((route, expected), (route, Said(text)));
                Assert.False(fronted.Headers.Contains("penstock-warnings"), route);
            }
        }
    }

    [Theory]
    [InlineData("as-openai")]
    [InlineData("as-anthropic")]
    public async Task Refusal_OfTheProvider_ComesInTheClientsForm(string route)
    {
        using var fronted = await PostAsync("/v1/messages", $$"""{"model":"{{route}}","max_tokens":5000,"messages":[{"role":"user","content":"hi"}]}""");

        var text = await fronted.Content.ReadAsStringAsync();
        Assert.True(fronted.StatusCode == HttpStatusCode.BadRequest, text);
        var error = JsonDocument.Parse(text).RootElement.GetProperty("error");
        Assert.Equal(("invalid_request_error", "context_length_exceeded"), (error.GetProperty("type").GetString(), error.GetProperty("details").GetProperty("error_code").GetString()));
    }

    [Fact]
    public async Task Translation_WhatTheProvidersFormLacks_IsDeclaredOrRefused()
    {
        using var lost = await PostAsync("/v1/chat/completions", """{"model":"as-anthropic","max_tokens":5,"seed":1,"temperature":2,"messages":[{"role":"user","content":"hi","name":"ada"}]}""");
        using var refused = await PostAsync("/v1/chat/completions", """{"model":"as-anthropic","max_tokens":5,"n":2,"messages":[{"role":"user","content":"hi"}]}""");

        Assert.Equal(["messages[0].name", "temperature", "seed"], lost.Headers.GetValues("penstock-warnings").Select(warning => warning.Split(':')[0]));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("\"param\":\"n\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string json) =>
        client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    // What a client sees of an answer or of its events, but for ids, times and how text was cut.
    private static string Said(string body)
    {
        var said = new StringBuilder();
        foreach (var json in body.StartsWith('{') ? [body] : body.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => line[6..]))
        {
            Gather(JsonDocument.Parse(json).RootElement, said);
        }

        return said.ToString();
    }

    private static void Gather(JsonElement json, StringBuilder said)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in json.EnumerateArray())
            {
                Gather(item, said);
            }
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in json.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null))
        {
            if (property.Name is "text" or "partial_json" or "arguments" or "delta" or "content" && property.Value.ValueKind == JsonValueKind.String)
            {
                said.Append(property.Value.GetString());
            }
            else if (property.Name is "stop_reason" or "status" or "input" or "output_tokens" or "stop_sequence" or "finish_reason" or "completion_tokens")
            {
                said.Append($"|{property.Name}={property.Value.GetRawText()}|");
            }
            else
            {
                Gather(property.Value, said);
            }
        }
    }
}
