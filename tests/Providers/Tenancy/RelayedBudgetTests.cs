using System.Net;
using System.Text.Json;
using Penstock.Contracts.Records;
using Penstock.Ledger;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Prices;
using Penstock.Providers.Tests.Hosting;
using Penstock.Routing.Attempts;

namespace Penstock.Providers.Tests.Tenancy;

/// <summary>Limits and prices of what a provider computes. The window is a month, so that none ends while a test runs.</summary>
public sealed class RelayedBudgetTests
{
    private const long Limit = 3_000;
    private const int Clients = 300;
    private const string Twelve = ",\"max_tokens\":12";

    // The stand-in says: 7 tokens of prompt, 3 of them cached, 12 of output.
    private static readonly PriceBook Prices = new(
    [
        new("mock-instant", "primary", DateTimeOffset.MinValue, new(Input: 2m, Cached: 1m, Output: 8m, Reasoning: null, Request: null))
        {
            Usage = new UsageRules("/prompt_tokens", "/prompt_tokens_details/cached_tokens", "/completion_tokens", null, null),
        },
    ]);

    [Fact]
    public async Task Crowd_SomeOfWhichLeave_IsNeverAboveTheLimitAndLeaksNothing()
    {
        await using var front = await BudgetedFront.StartAsync(new(BudgetWindow.Month, BudgetUnit.Tokens, Limit), PriceBook.Empty);

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => AskAsync(front, client)));
        await Eventually.TrueAsync(() => Usage(front).Reserved == 0);

        var used = Usage(front).Used;
        Assert.InRange(used, 1, Limit);
        Assert.Contains(HttpStatusCode.OK, answers);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        using var reader = front.Read();
        await Eventually.TrueAsync(() => reader.ReadAll().All(record => record.State == RecordState.Finished));
        Assert.Equal(used, reader.ReadAll().Sum(record => (long)record.Tokens.Cached + record.Tokens.Prefilled + record.Tokens.Sampled));
        Assert.Empty(LedgerAudit.Run(reader).Violations);
    }

    [Fact]
    public async Task Cost_OfARoute_IsThatOfItsTargetStreamedOrWhole()
    {
        await using var front = await BudgetedFront.StartAsync(new(BudgetWindow.Month, BudgetUnit.Usd, Spend.Pico(0.01m)), Prices);

        using (var whole = await front.PostAsync(FrontServer.Chat("alias", more: Twelve)))
        {
            await whole.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        using (var streamed = await front.PostAsync(FrontServer.Chat("mock-instant", stream: true, more: Twelve)))
        {
            await streamed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        using var reader = front.Read();
        await Eventually.TrueAsync(() => reader.ReadAll().Count(record => record.State == RecordState.Finished) == 2);
        Assert.All(reader.ReadAll(), record => Assert.Equal((((4 * 2m) + (3 * 1m) + (12 * 8m)) / 1_000_000m, false), (record.CostUsd!.Value, record.CostEstimated)));
        Assert.Equal(reader.ReadAll().Sum(record => Spend.Pico(record.CostUsd)), Usage(front).Used);
        using var refused = await front.PostAsync(FrontServer.Chat("alias", more: ",\"max_tokens\":2000"));
        Assert.Equal("usd", JsonElement.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error").GetProperty("budget").GetProperty("unit").GetString());
    }

    [Fact]
    public async Task Cost_OfAProviderThatDoesNotSayWhatItCounted_IsAnEstimate()
    {
        await using var front = await BudgetedFront.StartAsync(
            new(BudgetWindow.Month, BudgetUnit.Tokens, Limit), new PriceBook([new("mock-*", null, DateTimeOffset.MinValue, new(2m, null, 8m, null, null))]));

        using var answer = await front.PostAsync(FrontServer.Chat("mock-no-usage", stream: true, more: Twelve));
        await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        using var reader = front.Read();
        await Eventually.TrueAsync(() => reader.ReadAll().Any(record => record.State == RecordState.Finished));
        var record = reader.ReadAll().Single();
        Assert.True(record.CostEstimated);
        Assert.Equal(((record.Tokens.Prefilled * 2m) + (12 * 8m)) / 1_000_000m, record.CostUsd);
    }

    [Theory]
    [InlineData("mock-cut-once", false, 2)]
    [InlineData("mock-cut-mid-answer", true, 1)]
    [InlineData("mock-malformed-chunk", true, 1)]
    public async Task Cost_OfWhatFailedAfterItHadBegun_IsChargedAsFarAsItCame(string model, bool stream, int attempts)
    {
        await using var front = await BudgetedFront.StartAsync(
            new(BudgetWindow.Month, BudgetUnit.Usd, Spend.Pico(0.1m)),
            new PriceBook([new("mock-*", null, DateTimeOffset.MinValue, new(2m, null, 8m, null, null))]),
            RetryPolicy.Default with { RetryBilled = true, FirstWait = TimeSpan.FromMilliseconds(1) });

        using var answer = await front.PostAsync(FrontServer.Chat(model, stream, Twelve));
        await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        using var reader = front.Read();
        await Eventually.TrueAsync(() => reader.ReadAll().Any(record => record.State == RecordState.Finished));
        var record = reader.ReadAll().Single();
        var rows = reader.Attempts(record.RequestId);
        Assert.Equal(attempts, rows.Count);
        Assert.All(rows, row => Assert.True(row is { Prompt: > 0, Produced: > 0, CostUsd: > 0 }));
        Assert.Equal((rows.Sum(row => row.CostUsd), true), (record.CostUsd, record.CostEstimated));
        Assert.Equal(Spend.Pico(record.CostUsd), Usage(front).Used);
        Assert.Empty(LedgerAudit.Run(reader).Violations);
    }

    private static BudgetUsage Usage(BudgetedFront front) => front.Budgets.ReadAsync("local").AsTask().GetAwaiter().GetResult()[0];

    private static async Task<HttpStatusCode> AskAsync(BudgetedFront front, int client)
    {
        try
        {
            using var answer = await front.PostAsync(FrontServer.Chat("mock-paced", stream: client % 2 == 0, more: Twelve));
            if (client % 3 > 0)
            {
                await answer.Content.ReadAsStringAsync();
            }

            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return HttpStatusCode.OK;
        }
    }
}
