namespace Penstock.Gateway.Configuration;

/// <summary><c>idempotency</c> in <c>penstock.yaml</c>: how long the answers to idempotency keys are kept.</summary>
internal static class IdempotencySection
{
    private const double LeastHours = 1.0 / 60;
    private const double MostHours = 24 * 366;

    /// <summary>The time; null when the file says nothing of it.</summary>
    public static TimeSpan? Read(YamlNodeReader root)
    {
        if (root.Child("idempotency") is not { } section)
        {
            return null;
        }

        section.Allow(["keep_h"], notYet: []);
        return section.Number("keep_h", LeastHours, MostHours) is { } hours ? TimeSpan.FromHours(hours) : null;
    }
}
