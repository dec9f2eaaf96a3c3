using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary><c>penstock chat</c> as a process.</summary>
public sealed class ChatProcessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Chat_OneQuestion_PrintsTheAnswerAndItsCost()
    {
        var run = await PenstockProcess.RunAsync(folder.Path, "chat", "--temperature", "0", "What", "is", "TTFT?");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("TTFT is the time to first token", run.Output);
        Assert.Matches(@"\[\d+ tokens, \d+\.\d\d s \(first after \d+ ms", run.Errors);
    }

    [Fact]
    public async Task Chat_OneToken_IsSingular()
    {
        var run = await PenstockProcess.RunAsync(folder.Path, "chat", "--max-tokens", "1", "What", "is", "TTFT?");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("[1 token, ", run.Errors);
    }

    [Theory]
    [InlineData("--temperature must be a number from 0 to 100", "--temperature", "NaN")]
    [InlineData("--temperature must be a number from 0 to 100", "--temperature", "-1")]
    [InlineData("--max-tokens must be at least 1", "--max-tokens", "0")]
    public async Task Chat_WrongValue_NamesTheOption(string expected, params string[] arguments)
    {
        var run = await PenstockProcess.RunAsync(folder.Path, ["chat", .. arguments, "Hello"]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"error: {expected}", run.Errors);
    }

    [Fact]
    public async Task Interrupt_WhileAnAnswerRuns_StopsItAndSaysWhatItCost()
    {
        var left = new TaskCompletionSource();
        await using var endless = await EndlessServerAsync(left);
        await using var chat = PenstockProcess.Start(folder.Path, "chat", "--url", endless.Urls.Single(), "--model", "m", "Go", "on");
        await Eventually.TrueAsync(() => chat.Output.Contains("word", StringComparison.Ordinal));
        chat.Interrupt();

        Assert.Equal(0, await chat.ExitAsync());
        Assert.Matches(@"^\[stopped: \d+ tokens? sampled, \d+ shown, \d+\.\d\d s \(first after \d+ ms", chat.Errors);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Its answers never end; it tells when the client has left.</summary>
    private static async Task<WebApplication> EndlessServerAsync(TaskCompletionSource left)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", async http =>
        {
            http.RequestAborted.Register(left.SetResult);
            http.Response.ContentType = "text/event-stream";
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.WriteAsync("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n");
                await http.Response.Body.FlushAsync();
            }
        });
        await app.StartAsync();
        return app;
    }
}
