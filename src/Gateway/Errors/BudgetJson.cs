using System.Text.Json;
using Penstock.Contracts.Errors;

namespace Penstock.Gateway.Errors;

/// <summary>The member <c>budget</c> of an error: <c>{node, window, unit, limit, used, reserved, asked, resets_at}</c>.</summary>
internal static class BudgetJson
{
    public static void Write(Utf8JsonWriter json, BudgetDetail budget)
    {
        json.WriteStartObject("budget");
        json.WriteString("node", budget.Node);
        json.WriteString("window", budget.Window);
        json.WriteString("unit", budget.Unit);
        json.WriteNumber("limit", budget.Limit);
        json.WriteNumber("used", budget.Used);
        json.WriteNumber("reserved", budget.Reserved);
        json.WriteNumber("asked", budget.Asked);
        if (budget.ResetsAt is { } resets)
        {
            json.WriteString("resets_at", resets);
        }

        json.WriteEndObject();
    }
}
