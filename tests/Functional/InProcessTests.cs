using Microsoft.Extensions.AI;
using Penstock.Contracts.Records;
using Penstock.Functional.Tests.Hosting;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.InProcess;
using Penstock.Ledger;

namespace Penstock.Functional.Tests;

/// <summary>pebble without HTTP; the code of docs/in-process.md.</summary>
public sealed class InProcessTests
{
    [Fact]
    public async Task ChatClient_OverPebble_AnswersStreamsAndRecords()
    {
        using var folder = new TemporaryFolder();
        await using (var ledger = await SqliteLedger.OpenAsync(LedgerOptions.InFolder(folder.Path), TimeProvider.System))
        await using (var model = LocalModel.Load(new ModelOptions(PebbleServer.Pebble), new ServeOptions { Threads = 1 }, TimeProvider.System))
        using (IChatClient client = new PenstockChatClient(model.Target, ledger))
        {
            var options = new ChatOptions { Temperature = 0 };
            var answer = await client.GetResponseAsync("What is TTFT?", options);
            var streamed = "";
            await foreach (var update in client.GetStreamingResponseAsync("What is TTFT?", options))
            {
                streamed += update.Text;
            }

            Assert.Contains("time to first token", answer.Text);
            Assert.Equal(answer.Text, streamed);
            Assert.True(answer.Usage!.OutputTokenCount > 5);
        }

        using var reader = LedgerReader.Open(folder.File(LedgerOptions.DefaultFileName));
        Assert.All(reader.ReadAll(), record => Assert.Empty(LedgerLaws.Check(record)));
        Assert.Equal([FinishReason.Stop, FinishReason.Stop], reader.ReadAll().Select(record => record.FinishReason!.Value));
    }
}
