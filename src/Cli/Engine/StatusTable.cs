using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Penstock.Cli.Engine;

/// <summary>An engine's status as a table: one row a figure, one column a model, then the tenants.</summary>
internal static class StatusTable
{
    /// <param name="now">The status.</param>
    /// <param name="before">An earlier one, for rates; null = none.</param>
    /// <param name="between">The time between the two.</param>
    public static IRenderable Of(JsonElement now, JsonElement? before, TimeSpan between)
    {
        var engines = now.GetProperty("engines").EnumerateArray().Where(engine => engine.TryGetProperty("steps", out _)).ToArray();
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("");
        foreach (var engine in engines)
            table.AddColumn(new TableColumn(Markup.Escape(engine.GetProperty("model").GetString()!)).RightAligned());

        Add("policy", (engine, _) => Text(engine, "policy"));
        Add("steps/s", (engine, i) => Rate(engine, Earlier(before, i), between, "steps"));
        Add("tokens/s", (engine, i) => Rate(engine, Earlier(before, i), between, "sampled_tokens"));
        Add("last step", (engine, _) => $"{Text(engine, "last_step", "decode_rows")} + {Text(engine, "last_step", "prompt_tokens")} rows, {Text(engine, "last_step", "ms")} ms (predicted {Text(engine, "last_step", "predicted_ms")})");
        Add("gap target", (engine, _) => $"{Text(engine, "budget", "gap_target_ms")} ms: {Text(engine, "budget", "prompt_tokens_a_step")} prompt tokens a step");
        Add("running", (engine, _) => $"{Text(engine, "running")} = {Classes(engine.GetProperty("running_by_class"))}");
        Add("waiting", (engine, _) => Text(engine, "waiting"));
        Add("KV blocks", (engine, _) => $"{Text(engine, "kv_blocks", "total")} = {Text(engine, "kv_blocks", "free")} free + {Text(engine, "kv_blocks", "held")} held + {Text(engine, "kv_blocks", "cached")} cached");
        Add("prefix tree", (engine, _) => $"{Text(engine, "prefix_tree", "nodes")} nodes, {Share(engine)} of prompt tokens found");
        Add("preemptions", (engine, _) => Text(engine, "preemptions"));
        Add("gaps over target", (engine, _) => Causes(engine));
        Add("adapters", (engine, _) => Adapters(engine));
        return new Rows([table, .. engines.Select(Tenants)]);

        void Add(string name, Func<JsonElement, int, string> cell) =>
            table.AddRow([name, .. engines.Select((engine, i) => Markup.Escape(cell(engine, i)))]);
    }

    private static Table Tenants(JsonElement engine)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(Markup.Escape($"tenants of {engine.GetProperty("model").GetString()}"));
        foreach (var number in new[] { "weight", "service", "queued", "prompt tokens to do" })
            table.AddColumn(new TableColumn(number).RightAligned());
        foreach (var tenant in engine.GetProperty("tenants").EnumerateArray())
            table.AddRow(Markup.Escape(Text(tenant, "name")), Text(tenant, "weight"), Text(tenant, "service"), Classes(tenant.GetProperty("queued_by_class")), Text(tenant, "outstanding_prompt_tokens"));
        return table;
    }

    private static JsonElement? Earlier(JsonElement? before, int index)
    {
        var engines = before?.GetProperty("engines").EnumerateArray().Where(engine => engine.TryGetProperty("steps", out _)).ToArray();
        return engines is not null && index < engines.Length ? engines[index] : null;
    }

    private static string Rate(JsonElement now, JsonElement? before, TimeSpan between, string count) =>
        before is { } earlier && between > TimeSpan.Zero ? $"{(now.GetProperty(count).GetInt64() - earlier.GetProperty(count).GetInt64()) / between.TotalSeconds:0.0}" : "-";

    private static string Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            element = element.GetProperty(name);
        return element.ValueKind switch
        {
            JsonValueKind.Number => $"{element.GetDouble():#,0.#}",
            JsonValueKind.Null => "-",
            _ => element.GetString() ?? "-",
        };
    }

    private static string Classes(JsonElement counts) => string.Join(" + ", counts.EnumerateObject().Select(entry => $"{entry.Value.GetInt32()} {entry.Name}"));

    private static string Share(JsonElement engine) =>
        engine.GetProperty("prefix_tree").GetProperty("hit_rate") is { ValueKind: JsonValueKind.Number } rate ? $"{rate.GetDouble():P1}" : "-";

    private static string Adapters(JsonElement engine)
    {
        var adapters = engine.GetProperty("adapters").EnumerateArray().Select(adapter => $"{adapter.GetProperty("name").GetString()} ({adapter.GetProperty("requests").GetInt32()})").ToArray();
        return adapters.Length == 0 ? "none" : string.Join(", ", adapters);
    }

    private static string Causes(JsonElement engine)
    {
        var causes = engine.GetProperty("gap_causes").EnumerateObject().Where(cause => cause.Value.GetInt64() > 0).Select(cause => $"{cause.Value.GetInt64():N0} {cause.Name.Replace('_', ' ')}").ToArray();
        return causes.Length == 0 ? "none" : string.Join(", ", causes);
    }
}
