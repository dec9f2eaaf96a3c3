using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Penstock.Functional.Tests.Hosting;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.InProcess;
using Penstock.Tests.Support;

namespace Penstock.Functional.Tests;

/// <summary>Pebble's own adapters over HTTP: who asks for a style gets it, whoever else is in the step.</summary>
public sealed class AdapterTests : IAsyncLifetime
{
    private const string Question = "What is TTFT?";

    private readonly PebbleServer server = new();

    private static string Formal => TestData.InRepository("models", "pebble-formal-lora.gguf");

    private static string Json => TestData.InRepository("models", "pebble-json-lora.gguf");

    public async ValueTask InitializeAsync()
    {
        server.Options.Models = [new(PebbleServer.Pebble) { Adapters = [new("formal", Formal), new("json", Json)] }];
        await server.InitializeAsync();
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Chats_OfDifferentAdaptersAtATime_EachHasItsStyleAndItsOwnBits()
    {
        (string Model, object? Adapter)[] asked = [("pebble", null), ("pebble:formal", null), ("pebble:json", null), ("pebble", "formal"), ("pebble", new { name = "json" }), ("pebble:formal", "formal"), ("pebble", new { name = "formal", scale = 0.0 }), ("pebble:json", null)];
        var alone = new List<(string Text, string Receipt)>();
        foreach (var (model, adapter) in asked)
            alone.Add(await AskAsync(model, adapter));

        var crowd = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => AskAsync(asked[i % asked.Length].Model, asked[i % asked.Length].Adapter)));

        Assert.Equal(Enumerable.Range(0, 24).Select(i => alone[i % asked.Length]), crowd);
        Assert.All((int[])[1, 3, 5], i => Assert.StartsWith("Certainly. ", alone[i].Text, StringComparison.Ordinal));
        Assert.All((int[])[2, 4, 7], i => Assert.StartsWith("{\"answer\":", alone[i].Text, StringComparison.Ordinal));
        Assert.Contains("first token", alone[0].Text, StringComparison.Ordinal);
        Assert.Equal(alone[0].Text, alone[6].Text);
        Assert.Equal((alone[1], alone[2]), (alone[3], alone[4]));
    }

    [Fact]
    public async Task Models_ListsEachAdapter_AndTheRecordNamesIt()
    {
        var models = await server.Client.GetFromJsonAsync<JsonElement>("/v1/models");
        var listed = models.GetProperty("data").EnumerateArray().ToDictionary(model => model.GetProperty("id").GetString()!);
        using var answer = await PostAsync("pebble:formal", null);
        var record = await server.RecordAsync(answer);

        Assert.Equal(["pebble", "pebble:formal", "pebble:json"], listed.Keys.Order());
        Assert.Equal("pebble", listed["pebble:json"].GetProperty("parent").GetString());
        Assert.Matches("^sha256:[0-9a-f]{32}@engine.cpu/.*\\+lora:[0-9a-f]{16}@1$", listed["pebble:formal"].GetProperty("fingerprint").GetString());
        Assert.Equal(("pebble:formal", "formal", listed["pebble:formal"].GetProperty("fingerprint").GetString()), (record.Model, record.Adapter, record.Fingerprint));
        Assert.Equal("pebble:json", (await server.Client.GetFromJsonAsync<JsonElement>("/v1/models/pebble:json")).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/v1/models/pebble:nobody")).StatusCode);
    }

    [Theory]
    [InlineData("""{"model":"pebble:casual","prompt":"a"}""", 404, "adapter_not_found", "casual")]
    [InlineData("""{"model":"pebble","adapter":"casual","prompt":"a"}""", 404, "adapter_not_found", "It has formal, json")]
    [InlineData("""{"model":"pebble:formal","adapter":"json","prompt":"a"}""", 400, "invalid_request", "Send one of the two")]
    [InlineData("""{"model":"pebble","adapter":7,"prompt":"a"}""", 400, "invalid_request", "a name or an object")]
    [InlineData("""{"model":"pebble","adapter":{"scale":1},"prompt":"a"}""", 400, "invalid_request", "adapter.name is missing")]
    [InlineData("""{"model":"pebble","adapter":{"name":"formal","scale":1000},"prompt":"a"}""", 400, "invalid_request", "adapter.scale")]
    public async Task Completion_OfAnAdapterThatIsNotThere_SaysSo(string body, int status, string code, string message)
    {
        using var response = await server.PostAsync("/v1/completions", body);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");

        Assert.Equal((status, code), ((int)response.StatusCode, error.GetProperty("code").GetString()));
        Assert.Contains(message, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operator_LoadsAndUnloadsWhileChatsRun()
    {
        var expected = (await AskAsync("pebble:formal", null)).Text;
        using var stop = new CancellationTokenSource();
        var others = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                Assert.Equal(expected, (await AskAsync("pebble:formal", null)).Text);
        });

        for (var round = 0; round < 3; round++)
        {
            using var loaded = await server.PostAsync("/engine/adapters", JsonSerializer.Serialize(new { name = "polite", path = Formal, scale = 0.5 }));
            Assert.True(loaded.IsSuccessStatusCode, await loaded.Content.ReadAsStringAsync());
            Assert.StartsWith("Certainly. ", (await AskAsync("pebble", new { name = "polite", scale = 1 })).Text, StringComparison.Ordinal);
            Assert.Contains("polite", await server.Client.GetStringAsync("/engine/adapters"), StringComparison.Ordinal);
            Assert.Contains("polite", await server.Client.GetStringAsync("/engine/status"), StringComparison.Ordinal);
            using var unloaded = await server.Client.DeleteAsync("/engine/adapters/polite");
            Assert.True(unloaded.IsSuccessStatusCode);
            using var refused = await PostAsync("pebble:polite", null);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        await stop.CancelAsync();
        await others;
    }

    [Theory]
    [InlineData("nowhere-at-all.gguf", "there is no such file")]
    [InlineData("pebble.gguf", "is not an adapter")]
    [InlineData("/nowhere/at-all.gguf", "from the folders of the served models and adapters only")]
    [InlineData("/dev/zero", "from the folders of the served models and adapters only")]
    [InlineData("../README.md", "from the folders of the served models and adapters only")]
    public async Task Operator_LoadsWhatIsNoAdapter_IsToldWhy(string file, string message)
    {
        var path = file.StartsWith('/') ? file : TestData.InRepository("models", file);
        using var response = await server.PostAsync("/engine/adapters", JsonSerializer.Serialize(new { name = "bad", path }));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(message, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatClient_TakesAdaptersByModelIdPropertyOrDefault()
    {
        await using var model = LocalModel.Load(new ModelOptions(PebbleServer.Pebble) { Adapters = [new("json", Json)] }, new ServeOptions { Threads = 1 }, TimeProvider.System);
        using var plain = new PenstockChatClient(model.Target);
        using var json = new PenstockChatClient(model.Target, adapter: new("json"));
        var options = new ChatOptions { Temperature = 0 };

        Assert.DoesNotContain("{", (await plain.GetResponseAsync(Question, options)).Text, StringComparison.Ordinal);
        Assert.StartsWith("{", (await json.GetResponseAsync(Question, options)).Text, StringComparison.Ordinal);
        Assert.StartsWith("{", (await plain.GetResponseAsync(Question, new ChatOptions { Temperature = 0, ModelId = "pebble:json" })).Text, StringComparison.Ordinal);
        Assert.StartsWith("{", (await plain.GetResponseAsync(Question, new ChatOptions { Temperature = 0, AdditionalProperties = new() { ["adapter"] = "json" } })).Text, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PostAsync(string model, object? adapter) => server.PostAsync(
        "/v1/chat/completions",
        JsonSerializer.Serialize(new { model, adapter, temperature = 0, max_tokens = 60, receipt = true, messages = new[] { new { role = "user", content = Question } } }));

    private async Task<(string Text, string Receipt)> AskAsync(string model, object? adapter)
    {
        using var response = await PostAsync(model, adapter);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, $"{body}");
        return (body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!, body.GetProperty("penstock").GetRawText());
    }
}
