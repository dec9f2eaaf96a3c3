using System.Text.Json;
using Penstock.Gateway.Tenancy;

namespace Penstock.Gateway.Administration.Json;

/// <summary>A tenant in the form of <c>penstock.yaml</c>, without its keys.</summary>
internal static class TenantJson
{
    private const decimal Tenths = 10m;

    public static void Write(Utf8JsonWriter json, TenantOptions tenant)
    {
        json.WriteString("name", tenant.Name);
        if (tenant.Parent is { } parent)
        {
            json.WriteString("parent", parent);
        }

        LimitJson.Write(json, tenant.Limits);
        if (tenant.Ramp is { } ramp)
        {
            json.WriteStartObject("ramp_up");
            json.WriteString("from", ramp.From);
            json.WriteNumber("days", ramp.Over.TotalDays);
            json.WriteNumber("start_percent", ramp.Share / Tenths);
            json.WriteEndObject();
        }

        if (tenant.Runs is { } runs)
        {
            Write(json, runs);
        }
    }

    private static void Write(Utf8JsonWriter json, RunLimits runs)
    {
        json.WriteStartObject("runs");
        if (runs.Calls is { } calls)
        {
            json.WriteNumber("calls", calls);
        }

        if (runs.Tokens is { } tokens)
        {
            json.WriteNumber("tokens", tokens);
        }

        if (runs.Depth is { } depth)
        {
            json.WriteNumber("depth", depth);
        }

        if (runs.WallTime is { } wall)
        {
            json.WriteNumber("wall_s", wall.TotalSeconds);
        }

        json.WriteNumber("share_percent", runs.Share / Tenths);
        json.WriteEndObject();
    }
}
