using System.Text.Json;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Engine.Serving.Status;
using Penstock.Gateway.Configuration;

namespace Penstock.Gateway.Endpoints.Status;

/// <summary>The fields of an engine's status (<c>docs/api.md</c>).</summary>
internal static class EngineStatusJson
{
    public static void Write(Utf8JsonWriter json, EngineStatus status)
    {
        var stats = status.Stats;
        json.WriteString("policy", PolicyNames.NameOf(status.Policy));
        json.WriteNumber("running", stats.Running);
        json.WriteNumber("waiting", stats.Waiting);
        WriteCounts(json, "running_by_class", status.RunningByClass);
        WriteSteps(json, status);
        json.WriteNumber("sampled_tokens", stats.SampledTokens);
        json.WriteNumber("forced_tokens", stats.ForcedTokens);
        json.WriteNumber("constrained_tokens", stats.ConstrainedTokens);
        json.WriteNumber("constraint_resistance", stats.ConstrainedTokens == 0 ? 0 : Math.Round(stats.RemovedProbability / stats.ConstrainedTokens, 6));
        json.WriteNumber("prefilled_tokens", stats.PrefilledTokens);
        json.WriteNumber("cached_tokens", stats.CachedTokens);
        WriteKv(json, status);
        json.WriteNumber("preemptions", status.Preemptions);
        json.WriteStartObject("gap_causes");
        foreach (var cause in Enum.GetValues<GapCause>())
        {
            json.WriteNumber(JsonNamingPolicy.SnakeCaseLower.ConvertName($"{cause}"), status.GapCauses[(int)cause]);
        }

        json.WriteEndObject();
        json.WriteStartArray("tenants");
        foreach (var tenant in status.Tenants)
        {
            json.WriteStartObject();
            json.WriteString("name", tenant.Name);
            json.WriteNumber("weight", tenant.Weight);
            json.WriteNumber("service", tenant.Service);
            WriteCounts(json, "queued_by_class", tenant.QueuedByClass);
            json.WriteNumber("outstanding_prompt_tokens", tenant.OutstandingPromptTokens);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSteps(Utf8JsonWriter json, EngineStatus status)
    {
        json.WriteNumber("steps", status.Stats.Steps);
        json.WriteStartObject("last_step");
        json.WriteNumber("decode_rows", status.LastStep.DecodeRows);
        json.WriteNumber("prompt_tokens", status.LastStep.PromptTokens);
        json.WriteNumber("ms", status.LastStep.Duration.TotalMilliseconds);
        json.WriteNumber("predicted_ms", status.LastStep.Predicted.TotalMilliseconds);
        json.WriteEndObject();
        json.WriteStartObject("budget");
        WriteMaybe(json, "gap_target_ms", status.GapTarget?.TotalMilliseconds);
        WriteMaybe(json, "prompt_tokens_a_step", status.LastStep.PromptBudget);
        json.WriteEndObject();
    }

    private static void WriteKv(Utf8JsonWriter json, EngineStatus status)
    {
        var stats = status.Stats;
        json.WriteStartObject("kv_blocks");
        json.WriteNumber("total", stats.TotalBlocks);
        json.WriteNumber("free", stats.FreeBlocks);
        json.WriteNumber("cached", stats.CachedBlocks);
        json.WriteNumber("held", Math.Max(0, stats.TotalBlocks - stats.FreeBlocks - stats.CachedBlocks));
        json.WriteEndObject();
        json.WriteNumber("saved_kv_bytes", status.SavedKvBytes);
        json.WriteStartObject("prefix_tree");
        json.WriteNumber("nodes", status.PrefixNodes);
        json.WriteNumber("evicted_blocks", status.EvictedBlocks);
        WriteMaybe(json, "hit_rate", stats.CachedTokens + stats.PrefilledTokens == 0 ? null : (double)stats.CachedTokens / (stats.CachedTokens + stats.PrefilledTokens));
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, IReadOnlyList<int> counts)
    {
        json.WriteStartObject(name);
        foreach (var value in Enum.GetValues<ServiceClass>())
        {
            json.WriteNumber($"{value}".ToLowerInvariant(), counts[(int)value]);
        }

        json.WriteEndObject();
    }

    private static void WriteMaybe(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
