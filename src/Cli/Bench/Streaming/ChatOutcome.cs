namespace Penstock.Cli.Bench.Streaming;

/// <summary>How a benchmark's request ended.</summary>
internal enum ChatOutcome
{
    Ok,

    /// <summary>This client left on purpose.</summary>
    Cancelled,

    /// <summary>Refused, failed, cut off, or not understood.</summary>
    Failed,
}
