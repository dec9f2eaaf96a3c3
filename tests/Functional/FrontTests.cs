using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using Penstock.Contracts.Records;
using Penstock.Functional.Tests.Hosting;
using Penstock.Ledger;
using Penstock.Tools.StandIn;

namespace Penstock.Functional.Tests;

/// <summary><c>penstock serve</c> in front of another server, without a model of its own, as a process; OpenAI's SDK as the client.</summary>
public sealed class FrontTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Serve_TargetsOnly_AnswersAndAccounts()
    {
        await using var standIn = await StandInServer.StartAsync();
        await File.WriteAllTextAsync(folder.File("penstock.yaml"), $$"""
            listen: http://127.0.0.1:0
            targets:
              - { name: primary, kind: openai, base_url: "{{standIn.BaseUrl}}", models: ["mock-*"], credential: { command: printf upstream-key } }
            routes:
              - { model: best, use: [primary/mock-overloaded, primary/mock-instant] }
            """);
        await using (var server = PenstockProcess.Start(folder.Path, "serve", "--config", "penstock.yaml"))
        {
            var sdk = new OpenAIClient(new ApiKeyCredential("clients-own-key"), new OpenAIClientOptions { Endpoint = new Uri(await server.AddressAsync(), "v1"), RetryPolicy = new ClientRetryPolicy(0) });
            ChatCompletion whole = await sdk.GetChatClient("mock-instant").CompleteChatAsync([new UserChatMessage("Hello")]);
            var text = "";
            await foreach (var update in sdk.GetChatClient("best").CompleteChatStreamingAsync([new UserChatMessage("Hello")]))
            {
                text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            }

            Assert.Equal(whole.Content[0].Text, text);
            Assert.Equal(12, whole.Usage.OutputTokenCount);
            Assert.Contains("primary: mock-* at", server.Output);
            Assert.DoesNotContain("upstream-key", server.Output + server.Errors);
            server.Terminate();
            Assert.Equal(0, await server.ExitAsync());
        }

        Assert.All(standIn.Calls, call => Assert.Equal("Bearer upstream-key", call.Headers["Authorization"]));
        using var reader = LedgerReader.Open(folder.File(Path.Combine("data", LedgerOptions.DefaultFileName)));
        var records = reader.ReadAll().ToList();
        Assert.Equal(["primary/mock-instant", "primary/mock-instant"], records.Select(record => record.Target));
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Answered], reader.Attempts(records[1].RequestId).Select(attempt => attempt.Outcome));
        Assert.Empty(LedgerAudit.Run(reader).Violations);
    }

    [Fact]
    public async Task Serve_CredentialIsNotThere_SaysSoInOneLine()
    {
        await File.WriteAllTextAsync(
            folder.File("penstock.yaml"), "targets: [{ name: a, kind: openai, base_url: \"http://127.0.0.1:9/v1\", models: [m], credential: { env: PENSTOCK_TEST_NO_SUCH_KEY } }]");
        var run = await PenstockProcess.RunAsync(folder.Path, "serve", "--config", "penstock.yaml", "--urls", "http://127.0.0.1:0");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("error: Target 'a': The credential's environment variable 'PENSTOCK_TEST_NO_SUCH_KEY' is empty. Set it, or correct the target's credential.", run.Errors.Trim());
    }
}
