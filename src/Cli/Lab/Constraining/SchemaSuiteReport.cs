namespace Penstock.Cli.Lab.Constraining;

/// <summary>What <c>penstock lab schema-suite</c> prints.</summary>
internal sealed record SchemaSuiteReport
{
    public required int Tests { get; init; }

    public required int Right { get; init; }

    public required int FalseAccepts { get; init; }

    public required int FalseRejects { get; init; }

    public required int Refused { get; init; }

    public required int Crashes { get; init; }

    /// <summary>The same by folder.</summary>
    public required IReadOnlyDictionary<string, SchemaSuiteCounts> Folders { get; init; }

    public required TimingSummary? CompileMs { get; init; }

    public static SchemaSuiteReport Of(IReadOnlyDictionary<string, SchemaSuiteCounts> folders, TrialTimes times) => new()
    {
        Tests = folders.Values.Sum(folder => folder.Tests),
        Right = folders.Values.Sum(folder => folder.Right),
        FalseAccepts = folders.Values.Sum(folder => folder.FalseAccepts),
        FalseRejects = folders.Values.Sum(folder => folder.FalseRejects),
        Refused = folders.Values.Sum(folder => folder.Refused),
        Crashes = folders.Values.Sum(folder => folder.Crashes),
        Folders = folders,
        CompileMs = times.Compile.Whole.Summary(1e-3),
    };
}
