namespace Penstock.Cli.Lab.Constraining;

/// <summary>What <c>penstock lab maskbench</c> prints. Each file is counted once.</summary>
internal sealed record MaskbenchReport
{
    public required int Files { get; init; }

    /// <summary>The schema compiled and every instance came out right.</summary>
    public required int Pass { get; init; }

    public required int CompileErrors { get; init; }

    /// <summary>Files with a valid instance that was refused.</summary>
    public required int ValidationErrors { get; init; }

    /// <summary>Files with an invalid instance that was accepted.</summary>
    public required int InvalidationErrors { get; init; }

    public required int Timeouts { get; init; }

    public required int Crashes { get; init; }

    /// <summary>Masks that were asked for: one a token of every instance.</summary>
    public required int Masks { get; init; }

    public required TimingSummary? MaskUs { get; init; }

    /// <summary>The same without the garbage collector's pauses that fell into them.</summary>
    public required TimingSummary? MaskWithoutPausesUs { get; init; }

    /// <summary>Moving on by a token.</summary>
    public required TimingSummary? AcceptUs { get; init; }

    public required TimingSummary? CompileMs { get; init; }

    /// <inheritdoc cref="MaskWithoutPausesUs"/>
    public required TimingSummary? CompileWithoutPausesMs { get; init; }

    /// <summary>Compile and all instances of a file.</summary>
    public required TimingSummary? FileMs { get; init; }

    public required string SlowestFile { get; init; }
}
