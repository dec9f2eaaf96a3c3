namespace Penstock.Cli.Ledger;

/// <summary>Durations as people read them: three digits and a unit.</summary>
internal static class Durations
{
    public static string Show(TimeSpan? duration) => duration is { } known ? Show(known) : "-";

    private static string Show(TimeSpan duration) => duration.TotalMilliseconds switch
    {
        < 10 => $"{duration.TotalMilliseconds:0.00} ms",
        < 100 => $"{duration.TotalMilliseconds:0.0} ms",
        < 1_000 => $"{duration.TotalMilliseconds:0} ms",
        < 10_000 => $"{duration.TotalSeconds:0.00} s",
        < 100_000 => $"{duration.TotalSeconds:0.0} s",
        _ => $"{duration.TotalSeconds:0} s",
    };
}
