namespace Penstock.Cli.Lab.Constraining;

/// <summary>Tests of one folder of the suite by what became of them.</summary>
internal sealed record SchemaSuiteCounts
{
    public int Tests => Right + FalseAccepts + FalseRejects + Refused;

    public int Right { get; set; }

    /// <summary>An invalid instance was accepted.</summary>
    public int FalseAccepts { get; set; }

    /// <summary>A valid instance was refused.</summary>
    public int FalseRejects { get; set; }

    /// <summary>The schema was refused, by name: neither right nor a false accept.</summary>
    public int Refused { get; set; }

    /// <summary>Schemas that ended in an exception: a bug.</summary>
    public int Crashes { get; set; }
}
