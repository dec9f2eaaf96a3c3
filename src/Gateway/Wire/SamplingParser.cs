using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>How the next token is chosen: the fields that chat and completions share.</summary>
internal static class SamplingParser
{
    private const int MaxBiases = 1024;

    /// <param name="body">The request.</param>
    /// <param name="topLogProbs">From the wire form's own log-probability fields.</param>
    public static SamplingOptions Parse(WireObject body, int? topLogProbs) => new()
    {
        Temperature = body.Single("temperature", 0, 100, 1),
        TopK = Math.Max(0, body.Integer("top_k", -1, int.MaxValue) ?? 0),
        TopP = TopP(body),
        MinP = body.Single("min_p", 0, 1, 0),
        RepetitionPenalty = body.Single("repetition_penalty", 0.01, 100, 1),
        PresencePenalty = body.Single("presence_penalty", -2, 2, 0),
        FrequencyPenalty = body.Single("frequency_penalty", -2, 2, 0),
        LogitBias = Biases(body),
        Seed = Seed(body),
        TopLogProbs = topLogProbs,
    };

    // OpenAI takes 0 and treats it as the smallest nucleus there is: the best token alone.
    private static float TopP(WireObject body) => Math.Max(1e-6f, body.Single("top_p", 0, 1, 1));

    private static ulong? Seed(WireObject body)
    {
        if (body.Field("seed") is not { } field)
        {
            return null;
        }

        if (field.Kind == JsonValueKind.Number)
        {
            if (field.Json.TryGetInt64(out var signed))
            {
                return unchecked((ulong)signed);
            }

            if (field.Json.TryGetUInt64(out var unsigned))
            {
                return unsigned;
            }
        }

        body.Faults.Invalid(field.Path, "seed must be an integer of at most 64 bits.");
        return null;
    }

    private static IReadOnlyDictionary<int, float> Biases(WireObject body)
    {
        if (body.Object("logit_bias") is not { } biases || !biases.Json.EnumerateObject().Any())
        {
            return SamplingOptions.Default.LogitBias;
        }

        var result = new Dictionary<int, float>();
        foreach (var bias in biases.Json.EnumerateObject())
        {
            if (!int.TryParse(bias.Name, System.Globalization.NumberStyles.None, null, out var token))
            {
                body.Faults.Invalid("logit_bias", $"The keys of logit_bias must be token ids, such as \"50256\"; see /tokenize. Entry {result.Count + 1} is not.");
                break;
            }

            if (result.Count == MaxBiases)
            {
                body.Faults.Invalid("logit_bias", $"logit_bias may have at most {MaxBiases} entries.");
                break;
            }

            var path = $"logit_bias.{token}";
            if (!result.TryAdd(token, (float?)new WireValue(bias.Value, path, body.Faults).AsNumber(-100, 100) ?? 0))
            {
                body.Faults.Invalid("logit_bias", $"logit_bias has the token {token} twice. Send each token id once.");
            }
        }

        return result;
    }
}
