using Penstock.Contracts.Records;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests;

public sealed class RunHistoryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task FindRun_AddsUpTheTenantsCallsThatWereTaken()
    {
        await using (var first = await SqliteLedger.OpenAsync(folder.Options, TimeProvider.System))
        {
            await first.AdmitAsync(Records.Admitted("req_0", "acme") with { RunId = "run", ReceivedAt = Records.Start.AddHours(-1) }, default);
        }

        await using var ledger = await SqliteLedger.OpenAsync(folder.Options, TimeProvider.System);
        await ledger.FinishAsync(Records.Finished("req_1", "acme") with { RunId = "run" }, default);
        await ledger.AdmitAsync(Records.Admitted("req_2", "acme") with { RunId = "run" }, default);
        await ledger.FinishAsync(Records.Finished("req_3", "acme") with { RunId = "run", FinishReason = FinishReason.Refused }, default);
        await ledger.FinishAsync(Records.Finished("req_4", "other") with { RunId = "run" }, default);
        await ledger.FinishAsync(Records.Finished("req_5", "acme") with { RunId = "another" }, default);

        // 30 of the prompt of the interrupted one, 30 + 12 of the finished one; what runs has its worst case elsewhere.
        Assert.Equal(new RunTotals(Records.Start.AddHours(-1), 3, 72), await ledger.FindRunAsync("acme", "run"));
        Assert.Null(await ledger.FindRunAsync("acme", "unheard of"));
        Assert.Null(await ledger.FindRunAsync("nobody", "run"));
    }
}
