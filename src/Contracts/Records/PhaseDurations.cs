namespace Penstock.Contracts.Records;

/// <summary>
/// How a request's wall time divides: each phase begins where the one before it ends, so the sum is the wall time.
/// A phase that was not reached is zero. Decoding and delivering overlap; <see cref="Deliver"/> is only what came after the last token.
/// </summary>
public readonly record struct PhaseDurations
{
    /// <summary>1: reading and parsing the body.</summary>
    public TimeSpan Receive { get; init; }

    /// <summary>2: key to tenant.</summary>
    public TimeSpan Authorize { get; init; }

    /// <summary>3: choosing the target.</summary>
    public TimeSpan Route { get; init; }

    /// <summary>4: template, tokens, the ledger's admission row, the target's yes.</summary>
    public TimeSpan Admit { get; init; }

    /// <summary>5: waiting for the first step that computes something for it.</summary>
    public TimeSpan Schedule { get; init; }

    /// <summary>6: from that step to the first sampled token.</summary>
    public TimeSpan Prefill { get; init; }

    /// <summary>7: from the first sampled token to the end of generation.</summary>
    public TimeSpan Decode { get; init; }

    /// <summary>8: from the end of generation to the last flush.</summary>
    public TimeSpan Deliver { get; init; }

    /// <summary>9 and 10: what remains until the record is written.</summary>
    public TimeSpan Finish { get; init; }

    /// <summary>The sum.</summary>
    public TimeSpan Total => Receive + Authorize + Route + Admit + Schedule + Prefill + Decode + Deliver + Finish;
}
