using System.Globalization;
using System.Text.Json;
using Penstock.Engine.Scheduling.Cost;

namespace Penstock.Planning.Costs;

/// <summary>
/// Reads a cost profile, in either of two forms: measured batches, <c>{prompt tokens: {output tokens: [requests, prefill seconds a
/// request, decode seconds a request]}}</c>, or step costs as the engine learns them, <c>{"kv_tokens": n, "seconds": {...}}</c>
/// (docs/planning.md).
/// </summary>
public static class CostProfileReader
{
    private const int MostTokens = 1 << 30;

    /// <exception cref="PlanningFileException">It is neither.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CostProfile ReadFile(string file) => Parse(File.ReadAllText(file), file);

    /// <param name="json">The text.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="PlanningFileException">It is no profile.</exception>
    public static CostProfile Parse(string json, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new PlanningFileException(file, "a cost profile is one JSON object");
            return root.TryGetProperty("seconds", out var seconds) ? Given(root, seconds, file) : BatchFit.Of(Batches(root, file));
        }
        catch (JsonException failure)
        {
            throw new PlanningFileException(file, "it is not JSON", (int?)(failure.LineNumber + 1));
        }
    }

    private static List<MeasuredBatch> Batches(JsonElement root, string file)
    {
        var batches = new List<MeasuredBatch>();
        foreach (var ofPrompt in root.EnumerateObject())
        {
            if (!Count(ofPrompt.Name, out var prompt) || ofPrompt.Value.ValueKind != JsonValueKind.Object)
                throw new PlanningFileException(file, $"\"{ofPrompt.Name}\" must be a number of prompt tokens with an object of output tokens, or the profile must have \"kv_tokens\" and \"seconds\"");

            foreach (var entry in ofPrompt.Value.EnumerateObject())
                batches.Add(Batch(prompt, entry) ?? throw new PlanningFileException(file, $"\"{ofPrompt.Name}\", \"{entry.Name}\" must be [requests, prefill seconds a request, decode seconds a request], all above zero"));
        }

        return batches.Count >= 2 ? batches : throw new PlanningFileException(file, "at least two batches must have been measured");
    }

    private static MeasuredBatch? Batch(int prompt, JsonProperty entry)
    {
        if (!Count(entry.Name, out var output) || entry.Value.ValueKind != JsonValueKind.Array || entry.Value.GetArrayLength() != 3)
            return null;

        var (requests, prefill, decode) = (Number(entry.Value[0]), Number(entry.Value[1]), Number(entry.Value[2]));
        return requests is >= 1 and <= MostTokens && prefill > 0 && decode > 0 && requests * (prompt + (double)output) < MostTokens
            ? new MeasuredBatch(prompt, output, (int)requests, prefill.Value * requests.Value, decode.Value * requests.Value)
            : null;
    }

    private static CostProfile Given(JsonElement root, JsonElement seconds, string file)
    {
        if (seconds.ValueKind != JsonValueKind.Object)
            throw new PlanningFileException(file, "\"seconds\" must be an object of step costs");

        var coefficients = new StepCoefficients(Cost("step"), Cost("decode_row"), Cost("prompt_token"), Cost("context_token"), Cost("prompt_context"), Cost("moved_token"));
        return coefficients is { Step: 0, DecodeRow: 0 } or { Step: 0, PromptToken: 0 }
            ? throw new PlanningFileException(file, "a step must take time: give \"seconds\".\"step\", or both \"decode_row\" and \"prompt_token\"")
            : new CostProfile(coefficients, Whole("kv_tokens") ?? throw new PlanningFileException(file, "\"kv_tokens\" is missing: how many tokens' KV fits"))
            {
                MaxRows = Whole("max_rows") ?? 4096,
                MaxSequences = Whole("max_sequences"),
            };

        double Cost(string name) => !seconds.TryGetProperty(name, out var value) ? 0
            : Number(value) is { } cost and >= 0 ? cost
            : throw new PlanningFileException(file, $"\"seconds\".\"{name}\" must be seconds, not below zero");

        int? Whole(string name) => !root.TryGetProperty(name, out var value) ? null
            : Number(value) is { } number and >= 1 and <= MostTokens ? (int)number
            : throw new PlanningFileException(file, $"\"{name}\" must be a whole number from 1 on");
    }

    private static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    private static bool Count(string text, out int count) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is > 0 and <= MostTokens;
}
