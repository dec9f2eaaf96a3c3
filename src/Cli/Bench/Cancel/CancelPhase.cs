namespace Penstock.Cli.Bench.Cancel;

/// <summary>Where in its life a request is when its client leaves.</summary>
internal enum CancelPhase
{
    /// <summary>Waiting for its first step, behind a long prompt.</summary>
    Queued,

    /// <summary>In the middle of a long prompt.</summary>
    Prefill,

    /// <summary>Just before its first token, or at it.</summary>
    FirstToken,

    /// <summary>At a random token.</summary>
    Decode,
}
