namespace Penstock.Ledger.Decisions;

/// <summary>What a key is to whoever asks for it.</summary>
public enum ClaimState
{
    /// <summary>It was free and is the caller's now, to be decided or released.</summary>
    Granted,

    /// <summary>Its answer is being made. Ask again later.</summary>
    Held,

    /// <summary>Its answer is there.</summary>
    Decided,

    /// <summary>It belongs to a request with another body.</summary>
    OtherBody,
}
