namespace Penstock.Contracts.Generation;

/// <summary>That an answer which broke off goes on at another target, and what its client has seen of it: what follows must fit behind that.</summary>
/// <param name="Notice">What the client is told, one sentence; a stream says it in a comment.</param>
public sealed record ResumedAnswer(string Notice)
{
    /// <summary>The answer's id, when a provider gave it; null when it was given here.</summary>
    public string? Id { get; init; }

    /// <summary>The model that the answer names, when a provider named it.</summary>
    public string? Model { get; init; }

    /// <summary>When the answer was begun, as the provider says: Unix time in seconds.</summary>
    public long? Created { get; init; }

    /// <summary>The content block that is open, where the form has blocks.</summary>
    public int Block { get; init; }
}
