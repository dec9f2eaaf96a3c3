using System.Diagnostics;

namespace Penstock.Samples.RabbitMq;

/// <summary>Kills this process, as <c>kill -9</c> does, at the place that <c>DIE_AT</c> names; for the test that proves the sample.</summary>
internal static class FaultPoint
{
    private static readonly string? Chosen = Environment.GetEnvironmentVariable("DIE_AT");

    public static Task ReachAsync(string place)
    {
        if (place == Chosen)
        {
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }

        return Task.CompletedTask;
    }
}
