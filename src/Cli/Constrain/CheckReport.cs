using Penstock.Constraints.Json.Schemas;

namespace Penstock.Cli.Constrain;

/// <summary>What <c>penstock constrain check</c> prints as JSON.</summary>
/// <param name="Ok">Whether the schema is enforced.</param>
/// <param name="Pointer">Where it is refused; null where it is not.</param>
/// <param name="Problem">Why it is refused; null where it is not.</param>
/// <param name="CompileUs">Microseconds that compiling took.</param>
/// <param name="ShortestBytes">Bytes of the shortest value that the schema allows; null where it is refused.</param>
/// <param name="Keywords">What becomes of each keyword that was read.</param>
internal sealed record CheckReport(bool Ok, string? Pointer, string? Problem, double CompileUs, int? ShortestBytes, IReadOnlyList<CheckReport.Keyword> Keywords)
{
    /// <summary>One keyword at one place.</summary>
    /// <param name="Treatment"><c>enforced</c>, <c>checked_at_end</c>, <c>annotation</c> or <c>refused</c>.</param>
    internal sealed record Keyword(string Pointer, string Name, string Treatment, string? Note)
    {
        public static Keyword Of(KeywordUse use) => new(use.Pointer, use.Keyword, Word(use.Treatment).Replace(' ', '_'), use.Note);
    }

    /// <summary>A treatment in words.</summary>
    public static string Word(KeywordTreatment treatment) => treatment switch
    {
        KeywordTreatment.Enforced => "enforced",
        KeywordTreatment.CheckedAtEnd => "checked at end",
        KeywordTreatment.Annotation => "annotation",
        _ => "refused",
    };
}
