namespace Penstock.Providers.Probing;

/// <summary>What of a provider works.</summary>
/// <param name="Surfaces"><c>models</c>, <c>chat</c>, <c>chat_stream</c>, <c>completions</c>, <c>embeddings</c>, <c>responses</c>, or <c>messages</c>, <c>messages_stream</c>: those that answered, whether the target is configured for them or not.</param>
/// <param name="Model">The model that was asked; null when none could be found.</param>
/// <param name="Problem">Why nothing works; null when something does.</param>
public sealed record ProbeResult(IReadOnlyList<string> Surfaces, string? Model, string? Problem)
{
    /// <summary>Whether it answers requests of any kind.</summary>
    public bool Ok => Problem is null;
}
