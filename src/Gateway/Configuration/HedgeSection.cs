using System.Globalization;
using Penstock.Routing.Hedging;

namespace Penstock.Gateway.Configuration;

/// <summary><c>hedging</c> in <c>penstock.yaml</c> or in a route: when another target is asked beside one that is late.</summary>
internal static class HedgeSection
{
    private const int MostFloorMilliseconds = 60_000;

    /// <summary>The policy; null when nothing is said of it.</summary>
    public static HedgePolicy? Read(YamlNodeReader node)
    {
        if (node.Child("hedging") is not { } hedging)
        {
            return null;
        }

        hedging.Allow(["after", "waste_percent", "floor_ms", "billed"], notYet: []);
        var defaults = new HedgePolicy();
        return defaults with
        {
            After = After(hedging) ?? defaults.After,
            WasteShare = hedging.Number("waste_percent", 0.1, 100) / 100 ?? defaults.WasteShare,
            Floor = hedging.Number("floor_ms", 1, MostFloorMilliseconds) is { } floor ? TimeSpan.FromMilliseconds(floor) : defaults.Floor,
            Billed = hedging.Switch("billed") ?? defaults.Billed,
        };
    }

    // p95, p99.5: as people write quantiles.
    private static double? After(YamlNodeReader hedging)
    {
        if (hedging.String("after") is not { } text)
        {
            return null;
        }

        if (text.StartsWith('p') && double.TryParse(text.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is >= 50 and <= 99.9)
        {
            return percent / 100;
        }

        hedging.Faults.Add(new(hedging.PathOf("after"), text, "a quantile from p50 to p99.9 is needed", "Leave it out for p95."));
        return null;
    }
}
