namespace Penstock.Routing.Attempts;

/// <summary>What to do after an attempt has failed.</summary>
public enum AttemptStep
{
    /// <summary>Tell the client.</summary>
    GiveUp,

    /// <summary>Ask the same target again, after a wait.</summary>
    Retry,

    /// <summary>Ask the next target, at once.</summary>
    FallBack,

    /// <summary>Ask a target to go on from what was delivered, at once.</summary>
    Continue,
}
