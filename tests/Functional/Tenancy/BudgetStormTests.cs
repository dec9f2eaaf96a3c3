using System.Net;
using System.Text.Json;
using Penstock.Contracts.Records;
using Penstock.Functional.Tests.Hosting;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger;
using Penstock.Ledger.Budgets;

namespace Penstock.Functional.Tests.Tenancy;

/// <summary>Crowds on a small limit: never above it, and every token is accounted for.</summary>
public sealed class BudgetStormTests : IDisposable
{
    private const int Clients = 1000;
    private const long Limit = 12_000;
    private const long KillLimit = 4_000;
    private const string Chat = """{"model":"simulated","max_tokens":16,"stream":true,"messages":[{"role":"user","content":"go"}]}""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Crowd_WithAborts_IsNeverAboveTheLimitAndLeaksNothing()
    {
        await using var server = await SimulatedServer.StartAsync(maxRunning: 16, configure: options =>
        {
            options.ApiKeys = [TenantKeys.Of("acme", "key-1"), TenantKeys.Of("acme", "key-2")];
            options.Tenants = [new TenantOptions("acme") { Limits = [new(BudgetWindow.Month, BudgetUnit.Tokens, Limit)] }];
        });
        using var over = new CancellationTokenSource();
        var watch = WatchAsync(server.Budgets, over.Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => AskAsync(server.Client, client)));
        await Eventually.TrueAsync(() => server.Budgets.ReadAsync("acme").AsTask().Result[0].Reserved == 0);
        await over.CancelAsync();
        await watch;

        var used = (await server.Budgets.ReadAsync("acme"))[0].Used;
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Contains(HttpStatusCode.OK, answers);
        using var reader = await server.StopAndReadAsync();
        var records = reader.ReadAll().ToList();
        Assert.Equal(records.Sum(Tokens), used);
        Assert.Empty(LedgerAudit.Run(reader).Violations);
    }

    [Fact]
    public async Task Server_KilledAgainAndAgain_NeverSpendsMoreThanTheLimit()
    {
        await File.WriteAllTextAsync(
            folder.File("penstock.yaml"),
            $$"""
            listen: http://127.0.0.1:0
            tenants:
              - name: acme
                keys: [{ id: key-1, sha256: {{TenantKeys.DigestOf("key-1")}} }]
                limits: [{ window: month, tokens: {{KillLimit}} }]
            """,
            TestContext.Current.CancellationToken);
        for (var life = 0; life < 3; life++)
        {
            await using var server = PenstockProcess.Start(folder.Path, "serve", "--threads", "1", "--config", "penstock.yaml");
            using var client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = await server.AddressAsync() };
            using var dead = new CancellationTokenSource();
            var streams = Enumerable.Range(0, 6).Select(_ => ReadAsync(client, dead.Token)).ToList();
            await Task.WhenAny(streams);
            server.Kill();
            await server.ExitAsync();
            await dead.CancelAsync();
            await Task.WhenAll(streams);
        }

        await using var last = PenstockProcess.Start(folder.Path, "serve", "--threads", "1", "--config", "penstock.yaml");
        using var asking = new HttpClient { BaseAddress = await last.AddressAsync() };
        using var refused = await asking.SendAsync(TenantKeys.Chat("key-1", TenantKeys.Body(300, ",\"n\":16")));
        var budget = JsonElement.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error").GetProperty("budget");

        // All that the dead processes computed is in there, at its worst case, and nothing is held by them any more.
        Assert.Equal(0, budget.GetProperty("reserved").GetInt64());
        Assert.InRange(budget.GetProperty("used").GetInt64(), 1, KillLimit);
        using var reader = LedgerReader.Open(folder.File("data/penstock.db"));
        Assert.InRange(reader.ReadAll().Sum(Tokens), 0, budget.GetProperty("used").GetInt64());
        Assert.Empty(LedgerAudit.Run(reader).Violations);
    }

    private static long Tokens(RequestRecord record) => record.Tokens.Cached + record.Tokens.Prefilled + record.Tokens.Sampled;

    // Reads a stream until its first bytes are there, so that the server is killed in the middle of the others.
    private static async Task ReadAsync(HttpClient client, CancellationToken dead)
    {
        try
        {
            using var answer = await client.SendAsync(TenantKeys.Chat("key-1", TenantKeys.Body(300, ",\"stream\":true")), HttpCompletionOption.ResponseHeadersRead, dead);
            await using var body = await answer.Content.ReadAsStreamAsync(dead);
            await body.ReadExactlyAsync(new byte[600], dead);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // The server was killed.
        }
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, int index)
    {
        using var leaves = new CancellationTokenSource();
        var random = new Random(index);
        try
        {
            using var answer = await client.SendAsync(TenantKeys.Chat($"key-{1 + (index % 2)}", Chat), HttpCompletionOption.ResponseHeadersRead, leaves.Token);
            if (answer.StatusCode == HttpStatusCode.OK && random.Next(3) > 0)
            {
                await answer.Content.ReadAsStringAsync(leaves.Token);
            }

            return answer.StatusCode;
        }
        catch (IOException)
        {
            return HttpStatusCode.OK;
        }
    }

    private static async Task WatchAsync(SqliteBudgetStore budgets, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var usage = (await budgets.ReadAsync("acme"))[0];
            Assert.InRange(usage.Used + usage.Reserved, 0, Limit);
            await Task.Yield();
        }
    }
}
