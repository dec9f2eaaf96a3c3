using System.Diagnostics;
using Penstock.Contracts.Records;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests;

/// <summary>A real process writes, is killed with SIGKILL, and the file must hold everything that it had acknowledged.</summary>
public sealed class KilledWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Kill_AtAnyMoment_EveryAcknowledgedRowIsThereAndLawful()
    {
        var random = new Random(20260314);
        var admitted = new HashSet<string>();
        var finished = new HashSet<string>();

        // The same file again and again, so that each process also recovers what the one before it left.
        for (var round = 0; round < 8; round++)
        {
            await WriteUntilKilledAsync($"r{round}", tasks: 1 + random.Next(40), lines: random.Next(1500), admitted, finished);

            using (var reader = LedgerReader.Open(folder.Options.File))
            {
                AssertAllThere(reader, admitted, finished);
            }
        }

        await using (await SqliteLedger.OpenAsync(folder.Options, TimeProvider.System))
        {
        }

        using var afterwards = LedgerReader.Open(folder.Options.File);
        AssertAllThere(afterwards, admitted, finished);
    }

    private static void AssertAllThere(LedgerReader reader, HashSet<string> admitted, HashSet<string> finished)
    {
        var stored = reader.ReadAll().ToDictionary(record => record.RequestId, record => record.State);
        Assert.All(admitted, id => Assert.Contains(id, stored.Keys));
        Assert.All(finished, id => Assert.Equal(RecordState.Finished, stored[id]));
        var report = LedgerAudit.Run(reader);
        Assert.Empty(report.Violations);
        Assert.Equal(0, report.Running);
        Assert.Equal(stored.Count, report.Finished + report.Interrupted);
    }

    private async Task WriteUntilKilledAsync(string prefix, int tasks, int lines, HashSet<string> admitted, HashSet<string> finished)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Penstock.Tests.Ledger.Writer.dll"), folder.Options.File, prefix, $"{tasks}"];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var writer = Process.Start(start)!;
        for (var line = 0; line <= lines; line++)
        {
            Note(await writer.StandardOutput.ReadLineAsync());
        }

        writer.Kill();
        while (await writer.StandardOutput.ReadLineAsync() is { } rest)
        {
            Note(rest);
        }

        await writer.WaitForExitAsync();

        void Note(string? line)
        {
            Assert.True(line is not null, "The writer ended on its own.");
            (line[0] == 'A' ? admitted : finished).Add(line[2..]);
        }
    }
}
