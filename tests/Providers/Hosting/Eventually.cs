namespace Penstock.Providers.Tests.Hosting;

/// <summary>Waits for what another machine, or thread, does in its own time.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
