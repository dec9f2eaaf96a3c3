using Penstock.Contracts.Targets;

namespace Penstock.Gateway.Attempts;

/// <summary>One call of one target, from its start.</summary>
internal sealed class Attempt(int number, int index, Candidate candidate, IPreparedRequest prepared, string reason, DateTimeOffset startedAt, long startTimestamp)
{
    public int Number => number;

    /// <summary>Whose place it is among the candidates.</summary>
    public int Index => index;

    public Candidate Candidate => candidate;

    public IPreparedRequest Prepared => prepared;

    /// <summary>Why it is made.</summary>
    public string Reason => reason;

    public DateTimeOffset StartedAt => startedAt;

    public long StartTimestamp => startTimestamp;

    public string Target => candidate.Target.Description.Owner;

    public string Model => candidate.Target.Description.Name;

    /// <summary>Timestamp of its first event; 0 = none yet.</summary>
    public long FirstEventAt { get; set; }

    /// <summary>Tokens of its events that were handed on.</summary>
    public int HandedOver { get; set; }

    /// <summary>How long it may take to its first event; the request's deadline counts too.</summary>
    public required TimeSpan FirstLimit { get; init; }
}
