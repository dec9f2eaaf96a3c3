using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Ledger;

namespace Penstock.Gateway.Settings;

/// <summary>Looks every two seconds whether the settings' files have changed, whether another gateway has changed something through the API, and whether a target's key was rotated in its file.</summary>
internal sealed class SettingsWatch(SettingsReloader reloader, LiveSettings live, ISettingsSource? source, TimeProvider time, ILogger<SettingsWatch> logger) : BackgroundService
{
    /// <summary>Often enough that nobody waits for it, and too rarely to be seen in any measurement.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, (DateTime, long)> stamps = Stamps(source);

    /// <summary>One look.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = Stamps(source);
        if (now.Any(stamp => stamps.GetValueOrDefault(stamp.Key) != stamp.Value))
        {
            foreach (var (file, stamp) in now)
            {
                stamps[file] = stamp;
            }

            await reloader.ReloadAsync("the file changed", cancellationToken);
        }

        try
        {
            await reloader.FollowAsync(cancellationToken);
        }
        catch (Exception away) when (away is LedgerException or ObjectDisposedException)
        {
            // The store says elsewhere that it is away; what it has is put in place when it is back.
        }

        var settings = live.Enter();
        try
        {
            await settings.Upstream.ReadKeyFilesAsync(cancellationToken);
        }
        finally
        {
            settings.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryLookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task TryLookAsync(CancellationToken stopping)
    {
        try
        {
            await LookAsync(stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            GatewayLog.WatchFailed(logger, exception);
        }
    }

    // A file that is away for a moment, as editors do it, is not read before it is back.
    private static Dictionary<string, (DateTime, long)> Stamps(ISettingsSource? source) =>
        (source?.Files ?? []).Select(file => new FileInfo(file)).Where(file => file.Exists).ToDictionary(file => file.FullName, file => (file.LastWriteTimeUtc, file.Length), StringComparer.Ordinal);
}
