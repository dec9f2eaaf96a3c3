using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Penstock.Engine.Simulation;
using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary>A runner that fails behind the real server: who was in the step is told, the others go on, the server stays well and the books are right.</summary>
public sealed class FaultyRunnerTests
{
    private const string Completions = "/v1/completions";
    private const int Storm = 80;

    private FaultKind? planted;

    [Theory]
    [InlineData(FaultKind.Throw, "backend failed")]
    [InlineData(FaultKind.Fail, "backend failed")]
    [InlineData(FaultKind.OutOfBlocks, "ran out of KV memory")]
    [InlineData(FaultKind.NotANumber, "")]
    public async Task Step_ThatFails_EndsItsRequestsAndTheNextIsAnswered(FaultKind fault, string says)
    {
        SteppedRunner? runner = null;
        await using var server = await SimulatedServer.StartAsync(inner => runner = new SteppedRunner(new FaultyRunner(inner, _ => Take())), maxRunning: 2);
        var expected = await TextAsync(server, "third", stream: false);
        runner!.HoldAfter(0);
        var streamed = await server.PostAsync(Completions, Body("first", stream: true, tokens: 100));
        var whole = server.PostAsync(Completions, Body("second", stream: false, tokens: 100));
        await Eventually.TrueAsync(() => Let(runner, server.Status.Stats is { Running: 2 }));
        var waiting = TextAsync(server, "third", stream: true);
        await Eventually.TrueAsync(() => server.Status.Stats is { Running: 2, Waiting: 1 });

        planted = fault;
        runner.Release(1_000);

        var events = await streamed.Content.ReadAsStringAsync();
        Assert.Contains("\"code\":\"runner_failed\"", events);
        Assert.Contains(says, events);
        Assert.DoesNotContain("[DONE]", events);
        using var refused = await whole;
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        var error = (await JsonNode.ParseAsync(await refused.Content.ReadAsStreamAsync()))!["error"]!;
        Assert.Equal("runner_failed", (string)error["code"]!);
        Assert.Contains(says, (string)error["message"]!);
        Assert.Equal(expected, await waiting);
        Assert.Equal(expected, await TextAsync(server, "third", stream: false));
        await AssertWellAsync(server, requests: 5);
    }

    [Fact]
    public async Task Step_ThatHangs_OthersAreServedByTheGatewayAndStreamsGoOnAfterwards()
    {
        SteppedRunner? runner = null;
        await using var server = await SimulatedServer.StartAsync(inner => runner = new SteppedRunner(inner));
        var expected = await TextAsync(server, "first", stream: false);
        runner!.HoldAfter(0);
        var (streamed, whole) = (TextAsync(server, "first", stream: true), TextAsync(server, "first", stream: false));
        using var leave = new CancellationTokenSource();
        var leaver = server.PostAsync(Completions, Body("third", stream: false, tokens: 100), leave.Token);
        await Eventually.TrueAsync(() => server.Status.Stats is { Running: > 0 } stats && stats.Running + stats.Waiting == 3);

        foreach (var path in (string[])["/health/live", "/v1/models", "/engine/status"])
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(path)).StatusCode);
        var late = server.PostAsync(Completions, """{"model":"simulated","prompt":"late","max_tokens":100,"ignore_eos":true,"deadline_ms":1}""");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        runner.Release(1_000);

        Assert.Equal(expected, await streamed);
        Assert.Equal(expected, await whole);
        using var ended = await late;
        // Its millisecond has passed when it is admitted, or when the hang ends.
        Assert.True(ended.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests, $"{ended.StatusCode}");
        await AssertWellAsync(server, requests: 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Steps_ThatFailNowAndThen_EveryAnswerIsRightOrAnError(int seed)
    {
        var chance = new Random(seed);
        var on = false;
        FaultyRunner? runner = null;
        await using var server = await SimulatedServer.StartAsync(inner => runner = new FaultyRunner(inner, _ => Volatile.Read(ref on) && chance.Next(12) == 0 ? (FaultKind)chance.Next(4) : null), maxRunning: 6, blocks: 40);
        var expected = new string[8];
        for (var i = 0; i < expected.Length; i++)
            expected[i] = (await TextAsync(server, $"prompt {i} {new string('x', 20 * i)}", stream: false))!;

        Volatile.Write(ref on, true);
        var random = new Random(seed);
        var asked = Enumerable.Range(0, Storm).Select(index => (Index: index % expected.Length, Stream: random.Next(2) == 0, Class: random.Next(3))).ToList();
        var answers = new string?[Storm];
        await Parallel.ForEachAsync(Enumerable.Range(0, Storm), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (index, _) =>
            answers[index] = await TextAsync(server, $"prompt {asked[index].Index} {new string('x', 20 * asked[index].Index)}", asked[index].Stream, ((string[])["interactive", "standard", "batch"])[asked[index].Class]));
        Volatile.Write(ref on, false);

        for (var index = 0; index < Storm; index++)
            Assert.True(answers[index] is null || answers[index] == expected[asked[index].Index], $"request {index}");
        Assert.InRange(answers.Count(answer => answer is null), 1, Storm - 1);
        Assert.True(runner!.Faults > 3);
        await AssertWellAsync(server, requests: expected.Length + Storm);
    }

    private FaultKind? Take()
    {
        var fault = planted;
        planted = null;
        return fault;
    }

    private static bool Let(SteppedRunner runner, bool reached)
    {
        if (!reached)
            runner.Release(1);
        return reached;
    }

    /// <summary>The text of an answer; null when it came to the error that a failing runner gives, in its right form.</summary>
    private static async Task<string?> TextAsync(SimulatedServer server, string prompt, bool stream, string @class = "standard")
    {
        using var response = await server.PostAsync(Completions, Body(prompt, stream, tokens: 24, @class));
        var body = await response.Content.ReadAsStringAsync();
        if (body.Contains("\"error\"", StringComparison.Ordinal))
        {
            Assert.Contains("\"code\":\"runner_failed\"", body);
            Assert.Equal(stream ? HttpStatusCode.OK : HttpStatusCode.InternalServerError, response.StatusCode);
            Assert.DoesNotContain("[DONE]", body);
            return null;
        }

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return stream
            ? string.Concat(body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(part => part != "data: [DONE]").Select(part => Text(part["data: ".Length..])))
            : Text(body);
    }

    private static string? Text(string json) => (string?)JsonNode.Parse(json)!["choices"]!.AsArray().FirstOrDefault()?["text"];

    private static string Body(string prompt, bool stream, int tokens, string @class = "standard") => JsonSerializer.Serialize(
        new { model = "simulated", prompt, max_tokens = tokens, ignore_eos = true, temperature = 0.8, seed = 5, stream, @class });

    private static async Task AssertWellAsync(SimulatedServer server, int requests)
    {
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health/ready")).StatusCode);
        await Eventually.TrueAsync(() => server.Status.Stats is { Running: 0, Waiting: 0 } stats && stats.FreeBlocks + stats.CachedBlocks == stats.TotalBlocks);
        var audit = await server.StopAndAuditAsync();
        Assert.Empty(audit.Violations);
        Assert.Equal((requests, requests, 0), ((int)audit.Records, (int)audit.Finished, (int)audit.Interrupted));
    }
}
