namespace Penstock.Functional.Tests.Hosting;

/// <summary>Waits for what another process or the disk will show, with a generous bound: never a fixed sleep.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    public static async Task<T> NotNullAsync<T>(Func<T?> look)
        where T : class
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            if (look() is { } seen)
            {
                return seen;
            }

            await Task.Delay(BetweenLooks, limit.Token);
        }
    }

    public static Task TrueAsync(Func<bool> look) => NotNullAsync(() => look() ? "yes" : null);
}
