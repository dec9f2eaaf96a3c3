using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Ledger;
using Penstock.Ledger.Decisions;

namespace Penstock.Gateway.Idempotency;

/// <summary>Lets decisions go when their time is over.</summary>
internal sealed class DecisionTender(IDecisionStore store, TimeProvider time, ILogger<DecisionTender> logger) : BackgroundService
{
    /// <summary>Often enough that a turn has little to do.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TendAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task TendAsync()
    {
        try
        {
            await store.TendAsync();
        }
        catch (LedgerException failing)
        {
            GatewayLog.DecisionsNotTended(logger, failing);
        }
    }
}
