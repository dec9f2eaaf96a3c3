using System.Text.Json;
using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary>What of the scheduler can be seen and set from outside.</summary>
public sealed class SchedulingOverHttpTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private PenstockProcess server = null!;
    private HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = PenstockProcess.Start(folder.Path, "serve", "--urls", "http://127.0.0.1:0", "--threads", "1", "--policy", "unchunked");
        client = new HttpClient { BaseAddress = await server.AddressAsync() };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task CacheSalt_SameSalt_IsCachedAndAnotherIsNot()
    {
        var first = await CachedAsync("\"cache_salt\":\"red\",");
        var again = await CachedAsync("\"cache_salt\":\"red\",");
        var other = await CachedAsync("\"cache_salt\":\"blue\",");
        var none = await CachedAsync("");

        Assert.Equal((0, 0, 0), (first, other, none));
        Assert.True(again >= 32, $"{again} tokens were cached.");
    }

    [Fact]
    public async Task Serve_PolicyOnTheCommandLine_IsInTheStatusAndChangesNoToken()
    {
        await using var fair = PenstockProcess.Start(folder.Path, "serve", "--urls", "http://127.0.0.1:0", "--threads", "1", "--data", "other");
        using var other = new HttpClient { BaseAddress = await fair.AddressAsync() };

        Assert.Equal(("unchunked", "fair"), (await PolicyAsync(client), await PolicyAsync(other)));
        Assert.Equal(await AnswerAsync(other), await AnswerAsync(client));
    }

    [Theory]
    [InlineData("--json")]
    [InlineData]
    public async Task EngineStatus_Watch_GoesOnUntilInterrupted(params string[] options)
    {
        await using var watch = PenstockProcess.Start(folder.Path, ["engine", "status", "--url", client.BaseAddress!.ToString(), "--watch", .. options]);
        if (options.Length > 0)
            await Eventually.TrueAsync(() => watch.Output.Split('\n').Length > 2);
        else
            await Eventually.TrueAsync(() => watch.Output.Contains("KV blocks", StringComparison.Ordinal));
        watch.Interrupt();

        Assert.Equal((0, ""), (await watch.ExitAsync(), watch.Errors));
        if (options.Length > 0)
        {
            Assert.All(
                watch.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                line => Assert.Equal("pebble", JsonDocument.Parse(line).RootElement.GetProperty("engines")[0].GetProperty("model").GetString()));
        }
    }

    private async Task<int> CachedAsync(string salt)
    {
        var usage = (await PostAsync(client, $$"""{"model":"pebble","max_tokens":2,{{salt}}"messages":[{"role":"user","content":"{{string.Join(' ', Enumerable.Repeat("Nina the fox", 20))}}"}]}""")).GetProperty("usage");
        return usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32();
    }

    private static async Task<string> AnswerAsync(HttpClient http)
    {
        var answer = await PostAsync(http, $$"""{"model":"pebble","max_tokens":30,"seed":5,"messages":[{"role":"user","content":"{{string.Join(' ', Enumerable.Repeat("Write a story about the forest.", 60))}}"}]}""");
        return answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }

    private static async Task<string?> PolicyAsync(HttpClient http)
    {
        await using var body = await http.GetStreamAsync(new Uri("/engine/status", UriKind.Relative));
        return (await JsonDocument.ParseAsync(body)).RootElement.GetProperty("engines")[0].GetProperty("policy").GetString();
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string json)
    {
        using var response = await http.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
        response.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}
