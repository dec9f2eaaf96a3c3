using System.Net;
using System.Text.Json;
using Penstock.Contracts.Records;
using Penstock.Functional.Tests.Hosting;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Prices;

namespace Penstock.Functional.Tests.Tenancy;

/// <summary>Limits over real HTTP, with pebble. Windows are months, so that none ends while a test runs.</summary>
public sealed class BudgetTests
{
    private static readonly PriceBook Prices = new([new("pebble", null, DateTimeOffset.UnixEpoch, new(Input: 3m, Cached: 1m, Output: 12m, Reasoning: 12m, Request: 0.001m))]);

    [Fact]
    public async Task Request_ThatFits_IsChargedWhatItTook()
    {
        await using var server = await StartAsync(tokens: 500);

        using var first = await server.Client.SendAsync(TenantKeys.Chat("key-1", TenantKeys.Body(20)));
        var usage = (await JsonAsync(first)).GetProperty("usage");
        using var refused = await server.Client.SendAsync(TenantKeys.Chat("key-1", TenantKeys.Body(500)));
        var budget = (await JsonAsync(refused)).GetProperty("error").GetProperty("budget");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(usage.GetProperty("total_tokens").GetInt64(), budget.GetProperty("used").GetInt64());
        Assert.Equal(0, budget.GetProperty("reserved").GetInt64());
    }

    [Fact]
    public async Task Request_ThatDoesNotFit_Is429ThatNamesNodeAndWindow()
    {
        await using var server = await StartAsync(tokens: 100);
        var prompt = await PromptTokensAsync(server);

        using var refused = await server.Client.SendAsync(TenantKeys.Chat("key-1", TenantKeys.Body(90)));
        var error = (await JsonAsync(refused)).GetProperty("error");
        var record = await server.RecordAsync(refused);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Equal("budget_exceeded", error.GetProperty("code").GetString());
        Assert.StartsWith("'acme' may use 100 tokens in the window month", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        var budget = error.GetProperty("budget");
        Assert.Equal(("acme", "month", "tokens"), (budget.GetProperty("node").GetString(), budget.GetProperty("window").GetString(), budget.GetProperty("unit").GetString()));
        Assert.Equal(prompt + 90, budget.GetProperty("asked").GetInt64());
        Assert.Equal((FinishReason.Refused, "budget_exceeded", prompt), (record.FinishReason, record.ErrorCode, record.Tokens.NotReached));
        Assert.Null(record.CostUsd);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Choices_AreAllReserved(bool stream)
    {
        await using var server = await StartAsync(tokens: 1000);

        using var refused = await server.Client.SendAsync(TenantKeys.Chat("key-1", TenantKeys.Body(300, $",\"n\":4,\"stream\":{(stream ? "true" : "false")}")));

        Assert.Equal(await PromptTokensAsync(server) + 1200, (await JsonAsync(refused)).GetProperty("error").GetProperty("budget").GetProperty("asked").GetInt64());
        Assert.Equal("false", refused.Headers.GetValues("x-should-retry").Single());
    }

    [Fact]
    public async Task Cost_StreamedAndWhole_IsTheSameAndWhatTheNodeIsCharged()
    {
        await using var server = await StartAsync(usd: 0.05m);

        using var whole = await server.Client.SendAsync(TenantKeys.Chat("key-1", TenantKeys.Body(20, ",\"cache_salt\":\"a\"")));
        await whole.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var streamed = await server.Client.SendAsync(TenantKeys.Chat("key-1", TenantKeys.Body(20, ",\"cache_salt\":\"b\",\"stream\":true")));
        await streamed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var (one, other) = (await server.RecordAsync(whole), await server.RecordAsync(streamed));

        Assert.NotNull(one.CostUsd);
        Assert.Equal(one.CostUsd, other.CostUsd);
        Assert.Equal(0.001m + (((one.Tokens.Prefilled * 3m) + (one.Tokens.Cached * 1m) + (one.Tokens.Sampled * 12m)) / 1_000_000m), one.CostUsd);
        Assert.False(one.CostEstimated);
        using var refused = await server.Client.SendAsync(TenantKeys.Chat("key-1", TenantKeys.Body(300, ",\"n\":16")));
        Assert.Equal(one.CostUsd + other.CostUsd, (await JsonAsync(refused)).GetProperty("error").GetProperty("budget").GetProperty("used").GetDecimal());
    }

    [Fact]
    public async Task Client_ThatLeaves_IsChargedWhatWasComputed()
    {
        await using var server = await StartAsync(tokens: 2000);
        using (var streamed = await server.Client.SendAsync(TenantKeys.Chat("key-1", TenantKeys.Body(1500, ",\"stream\":true")), HttpCompletionOption.ResponseHeadersRead))
        {
            await using var body = await streamed.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await body.ReadExactlyAsync(new byte[64], TestContext.Current.CancellationToken);
        }

        var record = await server.RecordAsync(record => record.Stream);
        using var refused = await server.Client.SendAsync(TenantKeys.Chat("key-1", TenantKeys.Body(2000)));
        var budget = (await JsonAsync(refused)).GetProperty("error").GetProperty("budget");

        Assert.Equal(record.Tokens.Cached + record.Tokens.Prefilled + record.Tokens.Sampled, budget.GetProperty("used").GetInt64());
        Assert.Equal(0, budget.GetProperty("reserved").GetInt64());
    }

    private static async Task<PebbleServer> StartAsync(long? tokens = null, decimal? usd = null)
    {
        var server = new PebbleServer();
        server.Options.ApiKeys = [TenantKeys.Of("team", "key-1")];
        server.Options.Tenants =
        [
            new TenantOptions("acme")
            {
                Limits = tokens is { } cap ? [new BudgetLimit(BudgetWindow.Month, BudgetUnit.Tokens, cap)] : [new BudgetLimit(BudgetWindow.Month, BudgetUnit.Usd, Spend.Pico(usd))],
            },
            new TenantOptions("team") { Parent = "acme" },
        ];
        server.Options.Prices = Prices;
        await server.InitializeAsync();
        return server;
    }

    private static async Task<int> PromptTokensAsync(PebbleServer server)
    {
        using var answer = await server.Client.SendAsync(TenantKeys.Chat("key-1", TenantKeys.Body(1, ",\"cache_salt\":\"counting\"")));
        return (await JsonAsync(answer)).GetProperty("usage").GetProperty("prompt_tokens").GetInt32();
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
}
