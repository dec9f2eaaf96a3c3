using Penstock.Routing.Attempts;

namespace Penstock.Gateway.Configuration;

/// <summary><c>retries</c> in <c>penstock.yaml</c>: how often a request to a target is tried again.</summary>
internal static class RetrySection
{
    private const double MostSeconds = 600;

    /// <summary>The policy; null when the file says nothing of it.</summary>
    public static RetryPolicy? Read(YamlNodeReader root)
    {
        if (root.Child("retries") is not { } retries)
        {
            return null;
        }

        retries.Allow(["attempts", "same_target", "first_wait_s", "longest_wait_s", "billed"], notYet: []);
        var defaults = RetryPolicy.Default;
        return defaults with
        {
            MostAttempts = retries.Whole("attempts", 1, 20) ?? defaults.MostAttempts,
            RetriesOfATarget = retries.Whole("same_target", 0, 19) ?? defaults.RetriesOfATarget,
            FirstWait = Seconds(retries, "first_wait_s") ?? defaults.FirstWait,
            LongestWait = Seconds(retries, "longest_wait_s") ?? defaults.LongestWait,
            RetryBilled = retries.Switch("billed") ?? defaults.RetryBilled,
        };
    }

    private static TimeSpan? Seconds(YamlNodeReader retries, string key) => retries.Number(key, 0.001, MostSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
