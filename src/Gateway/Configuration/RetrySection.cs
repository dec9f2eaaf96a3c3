using Penstock.Routing.Attempts;

namespace Penstock.Gateway.Configuration;

/// <summary><c>retries</c> and <c>hedging</c> in <c>penstock.yaml</c>: when a request is sent to a target again, or to another one.</summary>
internal static class RetrySection
{
    private const double MostSeconds = 600;

    /// <summary>The policy; null when the file says nothing of either.</summary>
    public static RetryPolicy? Read(YamlNodeReader root)
    {
        var hedging = HedgeSection.Read(root);
        var defaults = RetryPolicy.Default with { Hedging = hedging };
        if (root.Child("retries") is not { } retries)
        {
            return hedging is null ? null : defaults;
        }

        retries.Allow(["attempts", "same_target", "first_wait_s", "longest_wait_s", "billed", "continue"], notYet: []);
        return defaults with
        {
            MostAttempts = retries.Whole("attempts", 1, 20) ?? defaults.MostAttempts,
            RetriesOfATarget = retries.Whole("same_target", 0, 19) ?? defaults.RetriesOfATarget,
            FirstWait = Seconds(retries, "first_wait_s") ?? defaults.FirstWait,
            LongestWait = Seconds(retries, "longest_wait_s") ?? defaults.LongestWait,
            RetryBilled = retries.Switch("billed") ?? defaults.RetryBilled,
            Continue = retries.Switch("continue") ?? defaults.Continue,
        };
    }

    private static TimeSpan? Seconds(YamlNodeReader retries, string key) => retries.Number(key, 0.001, MostSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
