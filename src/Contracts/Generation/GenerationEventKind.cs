namespace Penstock.Contracts.Generation;

/// <summary>What a <see cref="GenerationEvent"/> says.</summary>
public enum GenerationEventKind
{
    /// <summary>Tokens were committed.</summary>
    Text,

    /// <summary>A choice ended.</summary>
    Finish,

    /// <summary>The whole generation failed.</summary>
    Error,
}
