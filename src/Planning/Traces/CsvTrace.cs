using System.Globalization;

namespace Penstock.Planning.Traces;

/// <summary>Traces in columns: ours, with tenants, and the Azure LLM inference traces, which name none.</summary>
internal static class CsvTrace
{
    public const string TenantHeader = "arrival_s,tenant,prompt_tokens,output_tokens";
    public const string AzureHeader = "TIMESTAMP,ContextTokens,GeneratedTokens";

    public static TraceFormat Tenants { get; } = new(
        FirstIsHeader: true, ParseTenants, "a line must be seconds, a tenant, prompt tokens and output tokens, separated by commas, the counts whole and at least 1");

    public static TraceFormat Azure { get; } = new(
        FirstIsHeader: true, ParseAzure, "a line must be a time, prompt tokens and output tokens, separated by commas, the counts whole and at least 1");

    /// <summary>A whole number from 1 on, or null.</summary>
    public static int? Count(ReadOnlySpan<char> text) => int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null;

    private static TraceRequest? ParseTenants(string line)
    {
        var cells = line.Split(',');
        return cells.Length == 4
            && double.TryParse(cells[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds)
            && cells[1].Trim() is { Length: > 0 } tenant
            && Count(cells[2]) is { } prompt && Count(cells[3]) is { } output
            ? new TraceRequest(seconds, tenant, prompt, output)
            : null;
    }

    private static TraceRequest? ParseAzure(string line)
    {
        var cells = line.Split(',');
        return cells.Length == 3
            && DateTime.TryParse(cells[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && Count(cells[1]) is { } prompt && Count(cells[2]) is { } output
            ? new TraceRequest((time - DateTime.UnixEpoch).TotalSeconds, "", prompt, output)
            : null;
    }
}
