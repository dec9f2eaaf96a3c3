namespace Penstock.Cli.Lab.Constraining;

/// <summary>Durations in the unit that the field's name says.</summary>
internal sealed record TimingSummary(double Mean, double P50, double P90, double P99, double Max)
{
    public override string ToString() => FormattableString.Invariant($"mean {Mean:0.##}, p50 {P50:0.##}, p90 {P90:0.##}, p99 {P99:0.##}, max {Max:0.##}");
}
