namespace Penstock.Planning.Replay;

/// <summary>What happened in a replay.</summary>
internal sealed class ReplayRecord
{
    /// <summary>All that were submitted.</summary>
    public List<ReplayedGroup> Groups { get; } = [];

    /// <summary>Requests that would not fit the KV memory even alone.</summary>
    public int Refused { get; set; }

    public long Steps { get; set; }

    public long PromptTokensComputed { get; set; }
}
