using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Administration.Json;
using Penstock.Gateway.Settings;
using Penstock.Ledger.Budgets;

namespace Penstock.Gateway.Administration.Resources;

/// <summary><c>/admin/v1/budgets</c>: how the limits stand. Nodes are tenants and <c>tenant/key</c>.</summary>
internal sealed class BudgetsResource(LiveSettings live, IBudgetStore? budgets, TimeProvider time)
{
    /// <summary>Every node that has limits.</summary>
    public async Task ListAsync(HttpContext http)
    {
        var nodes = new List<(BudgetNode Node, IReadOnlyList<BudgetUsage> Usage)>();
        foreach (var node in live.Current.Spending.Tree.Nodes.Where(node => node.Limits.Count > 0))
        {
            nodes.Add((node, await UsageAsync(node.Name)));
        }

        await AdminAnswer.OkAsync(http, json =>
        {
            json.WriteStartArray("data");
            foreach (var (node, usage) in nodes)
            {
                json.WriteStartObject();
                Write(json, node, usage);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>One node, and what is reserved on it and below it.</summary>
    public async Task ShowAsync(HttpContext http)
    {
        var name = AdminRequest.Name(http);
        if (live.Current.Spending.Tree.Nodes.FirstOrDefault(node => node.Name == name) is not { } node)
        {
            await AdminAnswer.RefuseAsync(http, new(ErrorCode.NotFound, $"Nobody of the name '{name}' spends here. Nodes are tenants, and keys as tenant/key."));
            return;
        }

        var usage = await UsageAsync(name);
        var open = budgets is null ? [] : await budgets.ListReservationsAsync(name);
        await AdminAnswer.OkAsync(http, json =>
        {
            Write(json, node, usage);
            json.WriteStartArray("reservations");
            foreach (var reservation in open)
            {
                json.WriteStartObject();
                json.WriteString("request", reservation.Id);
                json.WriteString("node", reservation.Node);
                json.WriteNumber("tokens", reservation.Worst.Tokens);
                json.WriteNumber("usd", LimitJson.Amount(BudgetUnit.Usd, reservation.Worst.PicoUsd));
                json.WriteString("since", new DateTimeOffset(reservation.At, TimeSpan.Zero));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private async ValueTask<IReadOnlyList<BudgetUsage>> UsageAsync(string node) => budgets is null ? [] : await budgets.ReadAsync(node);

    private void Write(Utf8JsonWriter json, BudgetNode node, IReadOnlyList<BudgetUsage> usage)
    {
        var now = time.GetUtcNow();
        json.WriteString("node", node.Name);
        json.WriteString("parent", node.Parent);
        json.WriteStartArray("limits");
        foreach (var (limit, used, reserved, promised) in usage)
        {
            json.WriteStartObject();
            json.WriteString("window", limit.Window.Name());
            json.WriteString("unit", LimitJson.NameOf(limit.Unit));
            Amount("limit", limit, limit.Cap is { } cap ? node.Ramp?.Apply(cap, now) ?? cap : null);
            Amount("guarantee", limit, limit.Guarantee);
            Amount("used", limit, used);
            Amount("reserved", limit, reserved);
            Amount("kept", limit, promised);
            json.WriteString("resets_at", limit.Window == BudgetWindow.Now ? null : new DateTimeOffset(limit.Window.EndOf(limit.Window.StartOf(now)), TimeSpan.Zero).ToString("O"));
            json.WriteEndObject();
        }

        json.WriteEndArray();

        void Amount(string field, BudgetLimit limit, long? amount)
        {
            if (amount is { } known)
            {
                json.WriteNumber(field, LimitJson.Amount(limit.Unit, known));
            }
            else
            {
                json.WriteNull(field);
            }
        }
    }
}
