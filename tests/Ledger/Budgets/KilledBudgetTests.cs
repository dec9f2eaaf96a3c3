using System.Diagnostics;
using System.Globalization;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests.Budgets;

/// <summary>A real process reserves and settles and is killed with SIGKILL, again and again, on one cap.</summary>
public sealed class KilledBudgetTests : IDisposable
{
    private const long Cap = 9_000;
    private const int MostTasks = 40;
    private const int MostWorst = 20;

    private static readonly BudgetTree Tree = new([new("team", null, [new(BudgetWindow.Month, BudgetUnit.Tokens, Cap)]), new("key", "team", [])]);

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, long> open = [];
    private long settled;
    private long unknown;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Kill_AtAnyMoment_TheCapHoldsAndNothingIsLostOrLeaked()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 8; round++)
        {
            var tasks = 1 + random.Next(MostTasks);
            await SpendUntilKilledAsync($"r{round}", tasks, random.Next(800));

            await using var ledger = await SqliteLedger.OpenAsync(folder.Options, TimeProvider.System);
            await using var store = await SqliteBudgetStore.OpenAsync(ledger, Tree, new BudgetOptions(), TimeProvider.System);
            var usage = (await store.ReadAsync("team"))[0];

            // What was acknowledged is exact. Of what was not, at most one claim a task may have reached the disk, and it counts at its worst case or less.
            unknown += open.Values.Sum() + ((long)tasks * MostWorst);
            open.Clear();
            Assert.Equal(0, usage.Reserved);
            Assert.InRange(usage.Used, settled, Math.Min(Cap, settled + unknown));
        }
    }

    private async Task SpendUntilKilledAsync(string prefix, int tasks, int lines)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Penstock.Tests.Ledger.Writer.dll"), folder.Options.File, prefix, $"{tasks}", $"{Cap}"];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var writer = Process.Start(start)!;
        for (var line = 0; line <= lines && Note(await writer.StandardOutput.ReadLineAsync()); line++)
        {
        }

        writer.Kill();
        while (await writer.StandardOutput.ReadLineAsync() is { } rest)
        {
            Note(rest);
        }

        await writer.WaitForExitAsync();
    }

    // False once a task was refused: the others may be standing still too.
    private bool Note(string? line)
    {
        Assert.True(line is not null, "The writer ended on its own.");
        var words = line.Split(' ');
        if (words[0] == "R")
        {
            open[words[1]] = long.Parse(words[2], CultureInfo.InvariantCulture);
        }
        else if (words[0] == "S")
        {
            open.Remove(words[1]);
            settled += long.Parse(words[2], CultureInfo.InvariantCulture);
        }

        return words[0] != "X";
    }
}
