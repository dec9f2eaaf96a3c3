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
            LedgerFile = data.File(LedgerOptions.DefaultFileName),
            Targets = [new TargetOptions { Name = "behind", Kind = TargetKind.OpenAi, BaseUrl = new Uri(behind.Address, "v1"), Models = ["pebble"], Extensions = true }],
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

    public static TheoryData<string, string> Questions => new()
    {
        { "/v1/messages", """{"model":"pebble","max_tokens":40,"temperature":0,"top_k":3,"messages":[{"role":"user","content":"What is TTFT?"}]""" },
        { "/v1/messages", """{"model":"pebble","max_tokens":3,"temperature":0,"messages":[{"role":"user","content":"What is TTFT?"}]""" },
        { "/v1/messages", $$"""{"model":"pebble","max_tokens":60,"temperature":0,"messages":[{"role":"user","content":"Weather in Oslo?"}],"tools":[{"name":"weather","input_schema":{{Tool}}}],"tool_choice":{"type":"any","disable_parallel_tool_use":true}""" },
        { "/v1/responses", """{"model":"pebble","store":false,"max_output_tokens":40,"temperature":0,"input":"What is TTFT?" """ },
        { "/v1/responses", $$"""{"model":"pebble","store":false,"max_output_tokens":60,"temperature":0,"input":"Weather in Oslo?","tools":[{"type":"function","name":"weather","parameters":{{Tool}},"strict":true}],"tool_choice":"required","parallel_tool_calls":false""" },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Question_ThroughTheFront_IsAnsweredAsBehindIt(string path, string question)
    {
        foreach (var stream in new[] { "}", ",\"stream\":true}" })
        {
            using var direct = await behind.PostAsync(path, question + stream);
            using var fronted = await client.PostAsync(path, new StringContent(question + stream, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

            var (expected, actual) = (Said(await direct.Content.ReadAsStringAsync()), Said(await fronted.Content.ReadAsStringAsync()));

            Assert.Equal(HttpStatusCode.OK, direct.StatusCode);
            Assert.NotEmpty(expected);
            Assert.Equal(expected, actual);
            Assert.False(fronted.Headers.Contains("penstock-warnings"));
        }
    }

    [Fact]
    public async Task Refusal_OfTheProvider_ComesInTheClientsForm()
    {
        using var fronted = await client.PostAsync(
            "/v1/messages", new StringContent("""{"model":"pebble","max_tokens":5000,"messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        var text = await fronted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(fronted.StatusCode == HttpStatusCode.BadRequest, text);
        var error = JsonDocument.Parse(text).RootElement.GetProperty("error");
        Assert.Equal(("invalid_request_error", "context_length_exceeded"), (error.GetProperty("type").GetString(), error.GetProperty("details").GetProperty("error_code").GetString()));
    }

    // What a client sees of an answer or of its events, but for ids, times and how text was cut.
    private static string Said(string body)
    {
        var said = new StringBuilder();
        foreach (var json in body.StartsWith('{') ? [body] : body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..]))
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

        foreach (var property in json.EnumerateObject())
        {
            if (property.Name is "text" or "partial_json" or "arguments" or "delta" && property.Value.ValueKind == JsonValueKind.String)
            {
                said.Append(property.Value.GetString());
            }
            else if (property.Name is "stop_reason" or "status" or "input" or "output_tokens" or "stop_sequence")
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
