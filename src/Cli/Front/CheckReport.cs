namespace Penstock.Cli.Front;

/// <summary>What <c>penstock front check</c> prints as JSON.</summary>
/// <param name="Targets">In the configured order.</param>
internal sealed record CheckReport(IReadOnlyList<CheckReport.Target> Targets)
{
    /// <summary>One target.</summary>
    /// <param name="Name">Its name in the configuration.</param>
    /// <param name="Ok">Whether it answers requests of any kind.</param>
    /// <param name="Surfaces">What works: <c>models</c>, <c>chat</c>, <c>chat_stream</c>, <c>completions</c>, <c>embeddings</c>.</param>
    /// <param name="Model">The model that was asked; null when none could be found.</param>
    /// <param name="Problem">Why nothing works; null when something does.</param>
    internal sealed record Target(string Name, bool Ok, IReadOnlyList<string> Surfaces, string? Model, string? Problem);
}
