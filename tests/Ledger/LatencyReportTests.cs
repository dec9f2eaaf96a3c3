using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Ledger.Latency;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests;

public sealed class LatencyReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Read_RequestsOfSeveralClasses_GroupsWaitsAndCauses()
    {
        await using var ledger = await SqliteLedger.OpenAsync(folder.Options, TimeProvider.System);
        for (var i = 1; i <= 10; i++)
        {
            await ledger.FinishAsync(
                Records.Finished($"req_{i}", i <= 4 ? "acme" : "zeta") with
                {
                    Class = i <= 4 ? ServiceClass.Interactive : ServiceClass.Batch,
                    TimeToFirstToken = TimeSpan.FromMilliseconds(i),
                    LargestGap = i == 10 ? null : TimeSpan.FromMilliseconds(10 * i),
                    Gaps = i == 3 ? new GapRecord { Target = TimeSpan.FromMilliseconds(9), Counts = [0, 1, 3, 0, 0, 0, 0], LargestCause = GapCause.Prefill, LargestCauseClass = ServiceClass.Batch } : GapRecord.None,
                    Preemptions = i == 7 ? 2 : 0,
                },
                default);
        }

        await ledger.AdmitAsync(Records.Admitted("req_running", "zeta"), default);
        using var reader = LedgerReader.Open(folder.Options.File);

        var report = LatencyReport.Read(reader);

        Assert.Equal(["interactive", "standard", "batch"], report.ByClass.Select(group => group.Name));
        Assert.Equal(["zeta", "acme"], report.ByTenant.Select(group => group.Name));
        Assert.Equal(11, report.Total.Requests);
        Assert.Equal(new Waits(Ms(5), Ms(9), Ms(10), Ms(10)), report.Total.FirstToken);
        Assert.Equal(Ms(90), report.Total.LargestGap.Max);
        Assert.Equal((4, 2), (report.Total.GapsOverTarget, report.Total.Preemptions));
        var interactive = report.ByClass[0];
        Assert.Equal((3, 1), (interactive.Causes[GapCause.Prefill], interactive.Causes[GapCause.KvMovement]));
        Assert.Equal(1, interactive.PrefillClasses[ServiceClass.Batch]);
        Assert.Equal(0, report.ByClass[2].GapsOverTarget);
        Assert.Equal(new Waits(null, null, null, null), report.ByClass[1].FirstToken);
    }

    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);
}
