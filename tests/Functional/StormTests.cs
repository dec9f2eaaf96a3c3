using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Penstock.Contracts.Records;
using Penstock.Functional.Tests.Hosting;
using Penstock.Ledger;

namespace Penstock.Functional.Tests;

/// <summary>Crowds that share prefixes, push each other aside and leave, on too little KV; then clean books and the same answers as before.</summary>
public sealed class StormTests : IDisposable
{
    private const string Chat = "/v1/chat/completions";
    private const string Asked = """{"model":"pebble","temperature":0,"max_tokens":40,"ignore_eos":true,"messages":[{"role":"user","content":"What is TTFT?"}]}""";
    private const int KvTokens = 1024;
    private const int Clients = 10;
    private const int RequestsOfAClient = 12;

    private static readonly string[] Classes = ["interactive", "standard", "batch"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Clients_ThatComeAndLeave_BooksAddUpAndTheKvIsFree()
    {
        await using var server = new PebbleServer();
        server.Options.KvTokens = KvTokens;
        await server.InitializeAsync();
        var before = await AnswerAsync(server.Client);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => LiveAsync(server.Client, new Random(client), RequestsOfAClient, CancellationToken.None)));

        Assert.Equal(before, await AnswerAsync(server.Client));
        var engine = await IdleAsync(server.Client);
        Assert.True((long)engine["preemptions"]! > 0 && (long)engine["cached_tokens"]! > 0, engine.ToJsonString());
        using var reader = LedgerReader.Open(server.LedgerFile);
        await Eventually.TrueAsync(() => LedgerAudit.Run(reader) is { } audit && audit.Finished == audit.Records && audit.Records > Clients);
        var report = LedgerAudit.Run(reader);
        Assert.Empty(report.Violations);
        Assert.Contains(reader.ReadAll(), record => record.FinishReason == FinishReason.Cancelled);
    }

    [Fact]
    public async Task Server_KilledAmidTheStorm_EveryRequestIsInTheBooksAndTheNextRunServes()
    {
        for (var run = 0; run < 2; run++)
        {
            await using var server = PenstockProcess.Start(folder.Path, "serve", "--threads", "1", "--urls", "http://127.0.0.1:0", "--kv-tokens", $"{KvTokens}");
            using var client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = await server.AddressAsync() };
            using var dead = new CancellationTokenSource();
            var clients = Enumerable.Range(0, Clients).Select(index => LiveAsync(client, new Random((run * Clients) + index), int.MaxValue, dead.Token)).ToList();
            await Eventually.TrueAsync(() => StatusOf(client) is { } engine && (long)engine["preemptions"]! > 0 && (long)engine["cached_tokens"]! > 0);
            server.Kill();
            await server.ExitAsync();
            await dead.CancelAsync();
            await Task.WhenAll(clients);
        }

        await using (var last = PenstockProcess.Start(folder.Path, "serve", "--threads", "1", "--urls", "http://127.0.0.1:0"))
        {
            using var client = new HttpClient { BaseAddress = await last.AddressAsync() };
            await AnswerAsync(client);
            last.Terminate();
            Assert.Equal(0, await last.ExitAsync());
        }

        var audit = await PenstockProcess.RunAsync(folder.Path, "ledger", "audit", "--json");
        var report = JsonNode.Parse(audit.Output)!;
        Assert.True(audit.ExitCode == 0, audit.Output + audit.Errors);
        Assert.Empty(report["violations"]!.AsArray());
        Assert.True((int)report["interrupted"]! > 0);
        Assert.Equal((int)report["records"]!, (int)report["finished"]! + (int)report["interrupted"]!);
    }

    /// <summary>Asks, one request after another, until they are done or the server is gone. A third leaves at some random point.</summary>
    private static async Task LiveAsync(HttpClient client, Random random, int requests, CancellationToken gone)
    {
        for (var i = 0; i < requests && !gone.IsCancellationRequested; i++)
        {
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(gone);
            if (random.Next(3) == 0)
                leave.CancelAfter(TimeSpan.FromMilliseconds(random.Next(1, 300)));
            try
            {
                using var content = JsonContent.Create(Draw(random));
                using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = content };
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
                var text = await response.Content.ReadAsStringAsync(leave.Token);
                Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{response.StatusCode} {text}");
            }
            catch (Exception left) when (left is OperationCanceledException or HttpRequestException or IOException)
            {
                // It left, or the server was killed.
                Assert.True(leave.IsCancellationRequested || requests == int.MaxValue, left.Message);
            }
        }
    }

    private static object Draw(Random random) => new
    {
        model = "pebble",
        messages = new[] { new { role = "user", content = $"{(random.Next(2) == 0 ? "Nina the fox runs in the forest. " : "What is TTFT? ")}{new string('a', random.Next(300))}" } },
        max_tokens = random.Next(1, 200),
        ignore_eos = true,
        n = random.Next(6) == 0 ? 2 : 1,
        stream = random.Next(2) == 0,
        @class = Classes[random.Next(Classes.Length)],
    };

    private static async Task<string> AnswerAsync(HttpClient client)
    {
        using var response = await client.PostAsync(Chat, new StringContent(Asked, System.Text.Encoding.UTF8, "application/json"));
        response.EnsureSuccessStatusCode();
        return (string)(await response.Content.ReadFromJsonAsync<JsonNode>())!["choices"]![0]!["message"]!["content"]!;
    }

    private static async Task<JsonNode> IdleAsync(HttpClient client) => await Eventually.NotNullAsync(() =>
        StatusOf(client) is { } engine && (int)engine["running"]! == 0 && (int)engine["waiting"]! == 0 && (int)engine["kv_blocks"]!["held"]! == 0 ? engine : null);

    private static JsonNode? StatusOf(HttpClient client)
    {
        using var response = client.Send(new HttpRequestMessage(HttpMethod.Get, "/engine/status"));
        using var body = response.Content.ReadAsStream();
        return JsonSerializer.Deserialize<JsonNode>(body)!["engines"]![0];
    }
}
