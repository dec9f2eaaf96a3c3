using System.Net;
using System.Text;
using Penstock.Contracts.Records;
using Penstock.Functional.Tests.Hosting;
using Penstock.Ledger;
using Penstock.Models.Gguf;

namespace Penstock.Functional.Tests;

/// <summary><c>penstock serve</c> as a process: how it starts, refuses to start, drains, and dies.</summary>
public sealed class ProcessTests : IDisposable
{
    private const string Long = """{"model":"pebble","stream":true,"ignore_eos":true,"max_tokens":1900,"messages":[{"role":"user","content":"Write a story about Nina the fox in the forest."}]}""";
    private const string Short = """{"model":"pebble","max_tokens":5,"messages":[{"role":"user","content":"What is TTFT?"}]}""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Kill_WhileRequestsRun_EveryAdmittedRequestIsFinishedOrInterrupted()
    {
        await using (var server = Serve())
        {
            using var client = new HttpClient { BaseAddress = await server.AddressAsync() };
            for (var done = 0; done < 5; done++)
            {
                (await PostAsync(client, Short)).EnsureSuccessStatusCode();
            }

            var streams = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAsync(client, Long)));
            Assert.All(streams, stream => stream.EnsureSuccessStatusCode());
            server.Kill();
            await server.ExitAsync();
        }

        await using (var again = Serve())
        {
            using var client = new HttpClient { BaseAddress = await again.AddressAsync() };
            (await PostAsync(client, Short)).EnsureSuccessStatusCode();
            Assert.Contains("4 requests of an earlier run were interrupted", again.Output);
            again.Terminate();
            Assert.Equal(0, await again.ExitAsync());
        }

        using var reader = LedgerReader.Open(folder.File("data/penstock.db"));
        var records = reader.ReadAll().ToList();
        Assert.Equal(10, records.Count);
        Assert.Equal(4, records.Count(record => record.State == RecordState.Interrupted));
        Assert.Equal(6, records.Count(record => record.State == RecordState.Finished));
        Assert.All(records, record => Assert.Empty(LedgerLaws.Check(record)));
        var audit = await PenstockProcess.RunAsync(folder.Path, "ledger", "audit");
        Assert.True(audit.ExitCode == 0, audit.Output + audit.Errors);
    }

    [Fact]
    public async Task Terminate_WhileARequestRuns_LetsItFinishAndExitsWith0()
    {
        await using var server = Serve();
        using var client = new HttpClient { BaseAddress = await server.AddressAsync() };
        using var stream = await PostAsync(client, Long.Replace("1900", "300", StringComparison.Ordinal));
        server.Terminate();

        Assert.EndsWith("data: [DONE]\n\n", await stream.Content.ReadAsStringAsync());
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task Terminate_WhileARequestRuns_NewConnectionsAreTold503UntilASecondSignal()
    {
        await using var server = Serve();
        var address = await server.AddressAsync();
        using var client = new HttpClient { BaseAddress = address };
        using var stream = await PostAsync(client, Long.Replace("\"stream\"", "\"n\":8,\"stream\"", StringComparison.Ordinal));
        server.Terminate();

        using var fresh = new HttpClient { BaseAddress = address };
        fresh.DefaultRequestHeaders.ConnectionClose = true;
        await Eventually.TrueAsync(() => fresh.Send(new(HttpMethod.Get, "/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
        using var refused = await PostAsync(fresh, Short);
        using var live = await fresh.GetAsync("/health/live");
        server.Terminate();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Contains("\"code\":\"unavailable\"", await stream.Content.ReadAsStringAsync());
        Assert.Equal(0, await server.ExitAsync());
        Assert.Contains("1 request may still finish", server.Errors);
        Assert.Contains("asked a second time", server.Errors);
        Assert.DoesNotContain("time is up", server.Errors);
    }

    [Fact]
    public async Task Interrupt_ASecondTime_EndsAtOnceWith0()
    {
        await using var server = Serve();
        using var client = new HttpClient { BaseAddress = await server.AddressAsync() };
        using var stream = await PostAsync(client, Long.Replace("\"stream\"", "\"n\":8,\"stream\"", StringComparison.Ordinal));
        server.Interrupt();
        await Eventually.TrueAsync(() => server.Errors.Contains("may still finish", StringComparison.Ordinal));
        server.Interrupt();

        Assert.Equal(0, await server.ExitAsync());
        Assert.Contains("asked a second time", server.Errors);
    }

    [Fact]
    public async Task Terminate_TimeIsUp_EndsTheRequestWithAnErrorEvent()
    {
        await using var server = Serve("--drain-seconds", "0");
        using var client = new HttpClient { BaseAddress = await server.AddressAsync() };
        using var stream = await PostAsync(client, Long);
        server.Terminate();
        var text = await stream.Content.ReadAsStringAsync();

        Assert.Contains("\"code\":\"unavailable\"", text);
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task Serve_CurlLineOfTheBanner_Works()
    {
        await using var server = Serve();
        var address = await server.AddressAsync();
        await Eventually.TrueAsync(() => server.Output.Contains("Ctrl+C stops", StringComparison.Ordinal));
        var line = server.Output.Split('\n').Single(line => line.TrimStart().StartsWith("curl", StringComparison.Ordinal));
        var body = line[(line.IndexOf("-d '", StringComparison.Ordinal) + 4)..].TrimEnd().TrimEnd('\'');

        using var client = new HttpClient { BaseAddress = address };
        using var response = await PostAsync(client, body);

        Assert.Contains($"{address}v1/chat/completions".Replace("//v1", "/v1", StringComparison.Ordinal), line);
        Assert.True(response.IsSuccessStatusCode, line);
    }

    [Fact]
    public async Task Serve_PortInUse_IsOneLineAndExit1()
    {
        await using var server = Serve();
        var address = await server.AddressAsync();

        var second = await PenstockProcess.RunAsync(folder.Path, "serve", "--urls", address.GetLeftPart(UriPartial.Authority), "--data", "elsewhere");

        Assert.Equal(1, second.ExitCode);
        AssertOneError(second.Errors, "in use");
    }

    [Fact]
    public async Task Serve_DataFolderOfARunningServer_IsRefused()
    {
        await using var server = Serve();
        await server.AddressAsync();
        await AssertRefusedAsync("penstock.db", 1, "serve", "--urls", "http://127.0.0.1:0");
    }

    [Fact]
    public async Task Serve_ModelThatIsMissingBrokenOrNoGguf_IsOneLineAndExit1()
    {
        await AssertRefusedAsync("nowhere.gguf", 1, "serve", "--model", "nowhere.gguf");

        await File.WriteAllTextAsync(folder.File("text.gguf"), "this is not a model");
        await AssertRefusedAsync("text.gguf", 1, "serve", "--model", "text.gguf");

        await using (var whole = File.OpenRead(PebbleServer.Pebble))
        await using (var cut = File.Create(folder.File("cut.gguf")))
        {
            var half = new byte[whole.Length / 2];
            await whole.ReadExactlyAsync(half);
            await cut.WriteAsync(half);
        }

        await AssertRefusedAsync("cut.gguf", 1, "serve", "--model", "cut.gguf");
    }

    [Fact]
    public async Task Serve_ArchitectureThatIsNotComputed_IsNamedThoughItsKeysAreOthers()
    {
        using (var writer = GgufWriter.Create(folder.File("gpt9.gguf"), [new("general.architecture", "gpt9")], []))
        {
            writer.Complete();
        }

        await AssertRefusedAsync("the architecture is gpt9, which the CPU engine does not compute", 1, "serve", "--model", "gpt9.gguf");
    }

    [Fact]
    public async Task Serve_TensorTypeThatIsNotComputed_IsNamed()
    {
        using (var whole = GgufFile.Open(PebbleServer.Pebble))
        using (var writer = GgufWriter.Create(
            folder.File("odd.gguf"),
            whole.Metadata,
            [.. whole.Tensors.Select(tensor => new GgufTensorLayout(tensor.Name, tensor.Name == "blk.0.attn_q.weight" ? TensorType.IQ4_NL : TensorType.F32, tensor.Shape))]))
        {
            foreach (var tensor in whole.Tensors)
            {
                writer.Append(new byte[(tensor.Name == "blk.0.attn_q.weight" ? TensorType.IQ4_NL : TensorType.F32).ByteLength(tensor.ElementCount)]);
            }

            writer.Complete();
        }

        await AssertRefusedAsync("the tensor blk.0.attn_q.weight has the type IQ4_NL", 1, "serve", "--runner", "cpu", "--model", "odd.gguf");
    }

    [Fact]
    public async Task Serve_NameWithASlash_SaysThatANameHasNone() =>
        await AssertRefusedAsync($"Write --model m={PebbleServer.Pebble}.", 2, "serve", "--model", $"org/m={PebbleServer.Pebble}");

    [Fact]
    public async Task Serve_ContextBeyondTheTraining_IsServedWithAWarning()
    {
        await using var server = Serve("--context", "4096");
        await server.AddressAsync();
        await Eventually.TrueAsync(() => server.Output.Contains("Ctrl+C stops", StringComparison.Ordinal));

        Assert.Contains("4096 tokens of context", server.Output);
        Assert.Contains("trained for 2048 tokens", server.Output);
    }

    [Fact]
    public async Task Serve_LedgerPathThatCannotBeWritten_IsOneLineAndExit1()
    {
        await File.WriteAllTextAsync(folder.File("file"), "not a folder");
        await AssertRefusedAsync("file", 1, "serve", "--data", "file");
    }

    [Fact]
    public async Task Serve_OpenAddressWithoutKeys_NamesTheRemedy() =>
        await AssertRefusedAsync("--api-key-file", 2, "serve", "--urls", "http://0.0.0.0:0");

    [Fact]
    public async Task Serve_ConfigWithFaults_ReportsAll()
    {
        await File.WriteAllTextAsync(folder.File("penstock.yaml"), "lisen: x\ntelemetry: {}\nlisten: ftp://x\n");
        var run = await PenstockProcess.RunAsync(folder.Path, "serve", "--config", "penstock.yaml");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(3, run.Errors.Split("error:").Length - 1);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string json) => client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(json, Encoding.UTF8, "application/json") },
        HttpCompletionOption.ResponseHeadersRead);

    private static void AssertOneError(string errors, string part)
    {
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("error: ", errors);
        Assert.Contains(part, errors);
    }

    private PenstockProcess Serve(params ReadOnlySpan<string> more) => PenstockProcess.Start(folder.Path, ["serve", "--urls", "http://127.0.0.1:0", "--threads", "1", .. more]);

    private async Task AssertRefusedAsync(string part, int exitCode, params string[] arguments)
    {
        var run = await PenstockProcess.RunAsync(folder.Path, arguments);
        Assert.Equal(exitCode, run.ExitCode);
        AssertOneError(run.Errors, part);
    }
}
