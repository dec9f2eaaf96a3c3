using System.Net;
using Npgsql;
using Penstock.Contracts.Records;
using Penstock.Functional.Tests.Hosting;
using Penstock.Ledger;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Postgres;
using Penstock.Tests.Support.Postgres;
using Penstock.Tools.StandIn;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Penstock.Functional.Tests.Tenancy;

/// <summary>Three gateways as processes on one PostgreSQL, a crowd on one small limit, and one of the three killed in the middle of it.</summary>
public sealed class ManyGatewaysStormTests(PostgresFixture postgres) : IDisposable
{
    private const int Gateways = 3;
    private const int Clients = 1000;
    private const long Limit = 12_000;
    private const string Chat = """{"model":"mock-paced","max_tokens":16,"stream":true,"messages":[{"role":"user","content":"go"}]}""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Crowd_OnThreeGatewaysOfWhichOneIsKilled_IsNeverAboveTheLimitAndLeaksNothing()
    {
        var database = await postgres.NewDatabaseAsync();
        await using var standIn = await StandInServer.StartAsync();
        await ConfigureAsync(database, standIn.BaseUrl);
        var gateways = new List<PenstockProcess>();
        var clients = new List<HttpClient>();
        await using var source = NpgsqlDataSource.Create(database);
        try
        {
            for (var gateway = 0; gateway < Gateways; gateway++)
            {
                gateways.Add(PenstockProcess.Start(folder.Path, "serve", "--config", "penstock.yaml"));
                clients.Add(new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = await gateways[^1].AddressAsync() });
            }

            using var over = new CancellationTokenSource();
            var watch = WatchAsync(source, over.Token);
            var answered = 0;
            var victim = gateways[^1];
            var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async index =>
            {
                var answer = await AskAsync(clients[index % Gateways], index);
                if (Interlocked.Increment(ref answered) == Clients / 4)
                {
                    victim.Kill();
                    await LapseAsync(source);
                }

                return answer;
            }));

            // Whoever comes sees that one is dead; no need to wait for the others' next look.
            await using (await PostgresStore.OpenAsync(new PostgresOptions { ConnectionString = database }, BudgetTree.Empty, new BudgetOptions(), TimeProvider.System))
            {
            }

            await Eventually.TrueAsync(() => AskAsync(source, "SELECT count(*) FROM budget_reservation").Result == 0 && AskAsync(source, "SELECT count(*) FROM request WHERE state = 0").Result == 0);
            await over.CancelAsync();
            Assert.InRange(await watch, 1, Limit);
            Assert.Contains(HttpStatusCode.TooManyRequests, answers);
            Assert.Contains(HttpStatusCode.OK, answers);
            await AssertAccountedAsync(source, database);
            foreach (var survivor in gateways[..^1])
            {
                survivor.Terminate();
                Assert.Equal(0, await survivor.ExitAsync());
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
            foreach (var gateway in gateways)
            {
                await gateway.DisposeAsync();
            }
        }
    }

    // Each gateway's clients have a key of their own, so that what the dead one's did is told from the rest.
    private static async Task AssertAccountedAsync(NpgsqlDataSource source, string database)
    {
        using var reader = LedgerReader.OpenPostgres(database);
        var records = reader.ReadAll().ToList();
        for (var gateway = 0; gateway < Gateways; gateway++)
        {
            var key = KeyOf(gateway);
            var used = await AskAsync(source, $"SELECT coalesce(sum(tokens), 0)::bigint FROM budget_usage WHERE period = 4 AND node = 'acme/{key}'");
            var recorded = records.Where(record => record.ApiKeyId == key).Sum(record => record.Tokens.Cached + record.Tokens.Prefilled + record.Tokens.Sampled);
            Assert.True(gateway == Gateways - 1 ? used >= recorded : used == recorded, $"{key}: {used} used, {recorded} recorded");
            Assert.True(gateway == Gateways - 1 || records.All(record => record.ApiKeyId != key || record.State == RecordState.Finished), $"{key} was not killed, and yet not all of its records are finished.");
        }

        Assert.Equal(0, await AskAsync(source, "SELECT sum(held_tokens + held_requests + held_picousd + running)::bigint FROM budget_usage"));
        Assert.Empty(LedgerAudit.Run(reader).Violations);
    }

    private static string KeyOf(int gateway) => $"key-{gateway}";

    private async Task ConfigureAsync(string database, Uri upstream)
    {
        await File.WriteAllTextAsync(folder.File("postgres.txt"), database);
        var keys = Enumerable.Range(0, Gateways).Select(gateway => $"{{ id: {KeyOf(gateway)}, sha256: {TenantKeys.DigestOf(KeyOf(gateway))} }}");
        await File.WriteAllTextAsync(folder.File("penstock.yaml"), $$"""
            listen: http://127.0.0.1:0
            store: { postgres: { file: postgres.txt, lease_s: 300 } }
            targets:
              - { name: stand-in, kind: openai, base_url: "{{upstream}}", models: ["mock-*"] }
            tenants:
              - name: acme
                keys: [{{string.Join(", ", keys)}}]
                limits: [{ window: month, tokens: {{Limit}} }]
            """);
    }

    // Some read all, some leave after the headers; those of the killed gateway see their connection break.
    private static async Task<HttpStatusCode?> AskAsync(HttpClient client, int index)
    {
        try
        {
            using var answer = await client.SendAsync(TenantKeys.Chat(KeyOf(index % Gateways), Chat), HttpCompletionOption.ResponseHeadersRead);
            if (answer.StatusCode != HttpStatusCode.OK || index % 10 < 7)
            {
                await answer.Content.ReadAsStringAsync();
            }

            return answer.StatusCode;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return null;
        }
    }

    // In the place of waiting until its lease has passed.
    private static async Task LapseAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("UPDATE node SET lease_until = '-infinity' WHERE id = (SELECT max(id) FROM node)");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The most that was ever used and reserved together.</summary>
    private static async Task<long> WatchAsync(NpgsqlDataSource source, CancellationToken over)
    {
        long most = 0;
        while (!over.IsCancellationRequested)
        {
            most = Math.Max(most, await AskAsync(source, "SELECT coalesce(sum(tokens + held_tokens), 0)::bigint FROM budget_usage WHERE period = 4"));
            await Task.Delay(TimeSpan.FromMilliseconds(10), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return most;
    }

    private static async Task<long> AskAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
