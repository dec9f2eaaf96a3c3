namespace Penstock.Planning.Replay;

/// <summary>What happened in a replay.</summary>
internal sealed class ReplayRecord
{
    /// <summary>All that have ended.</summary>
    public List<ServedRequest> Served { get; } = [];

    public int Submitted { get; set; }

    /// <summary>Requests that would not fit the KV memory even alone.</summary>
    public int Refused { get; set; }

    public long Steps { get; set; }

    public long PromptTokensComputed { get; set; }
}
