namespace Penstock.Cli.Output;

/// <summary>Numbers as people read them.</summary>
public static class Amount
{
    /// <summary>Bytes in binary units: <c>6.6 MiB</c>.</summary>
    public static string Bytes(long bytes)
    {
        ReadOnlySpan<string> units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var value = (double)bytes;
        var unit = 0;
        for (; value >= 1024 && unit < units.Length - 1; unit++)
            value /= 1024;
        return unit == 0 ? $"{bytes} B" : $"{value:0.0} {units[unit]}";
    }

    /// <summary>A count with a decimal suffix: <c>3.4M</c>, <c>1.2B</c>.</summary>
    public static string Count(long count) => count switch
    {
        < 1_000 => $"{count}",
        < 1_000_000 => $"{count / 1e3:0.#}K",
        < 1_000_000_000 => $"{count / 1e6:0.#}M",
        _ => $"{count / 1e9:0.##}B",
    };
}
