using System.Text.Json;
using Penstock.Ledger.Budgets;

namespace Penstock.Gateway.Administration.Json;

/// <summary>Limits in the form of <c>penstock.yaml</c>.</summary>
internal static class LimitJson
{
    private static readonly string[] Units = ["tokens", "requests", "usd", "concurrency"];

    public static string NameOf(BudgetUnit unit) => Units[(int)unit];

    /// <summary>An amount in what people count: money in dollars.</summary>
    public static decimal Amount(BudgetUnit unit, long amount) => unit == BudgetUnit.Usd ? amount / Spend.PicoPerUsd : amount;

    public static void Write(Utf8JsonWriter json, IReadOnlyList<BudgetLimit> limits)
    {
        json.WriteStartArray("limits");
        foreach (var limit in limits)
        {
            json.WriteStartObject();
            if (limit.Window != BudgetWindow.Now)
            {
                json.WriteString("window", limit.Window.Name());
            }

            if (limit.Cap is { } cap)
            {
                json.WriteNumber(NameOf(limit.Unit), Amount(limit.Unit, cap));
            }

            if (limit.Guarantee > 0)
            {
                json.WriteStartObject("guarantee");
                json.WriteNumber(NameOf(limit.Unit), Amount(limit.Unit, limit.Guarantee));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
