using System.Text.Json;
using Penstock.Contracts.Records;

namespace Penstock.Ledger.Prices;

/// <summary>The counts that rates apply to.</summary>
/// <param name="Input">Tokens of prompt that were read, cached ones included.</param>
/// <param name="Cached">Those of them that were cached.</param>
/// <param name="Output">Tokens of output, reasoning included.</param>
/// <param name="Reasoning">Those of them that were reasoning.</param>
/// <param name="Estimated">Whether one of the counts is an estimate.</param>
public readonly record struct UsageFigures(long Input, long Cached, long Output, long Reasoning, bool Estimated)
{
    /// <summary>The record's own counts. What of a prompt was never reached costs nothing.</summary>
    public static UsageFigures Of(TokenCounts tokens, bool estimated) =>
        new(tokens.Cached + tokens.Prefilled, tokens.Cached, tokens.Sampled, tokens.HiddenReasoning, estimated);

    /// <summary>What the provider wrote where the rules point. A figure that is pointed at and missing is that of the record, and the whole an estimate.</summary>
    public static UsageFigures Read(UsageRules rules, JsonElement? usage, UsageFigures counted)
    {
        var missing = false;
        var cached = Figure(rules.Cached, counted.Cached);
        var input = Figure(rules.Input, counted.Input - (rules.CachedInInput ? 0 : counted.Cached)) + (rules.CachedInInput ? 0 : cached);
        var output = Figure(rules.Output, counted.Output);
        var reasoning = Figure(rules.Reasoning, counted.Reasoning);
        return new(input, Math.Min(cached, input), output, Math.Min(reasoning, output), counted.Estimated || missing);

        long Figure(string? pointer, long own)
        {
            if (pointer is null)
            {
                return own;
            }

            if (JsonPointer.Find(usage, pointer) is { ValueKind: JsonValueKind.Number } found && found.TryGetInt64(out var value) && value >= 0)
            {
                return value;
            }

            missing = true;
            return own;
        }
    }
}
