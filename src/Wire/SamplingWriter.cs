using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Wire.Chat;

namespace Penstock.Wire;

/// <summary>How the next token is chosen, in each form. Values that mean the default are left out.</summary>
internal static class SamplingWriter
{
    private const string Unknown = "The provider's form has no such field; its models sample without it.";

    /// <summary>Anthropic's bound.</summary>
    private const float MostTemperature = 1;

    public static void WriteChat(Utf8JsonWriter json, InferenceRequest request, ChatDialect dialect, Translation translation)
    {
        var sampling = request.Sampling;
        WriteCommon(json, sampling);
        Number(json, "presence_penalty", sampling.PresencePenalty, 0);
        Number(json, "frequency_penalty", sampling.FrequencyPenalty, 0);
        if (sampling.LogitBias.Count > 0)
        {
            json.WriteStartObject("logit_bias");
            foreach (var (token, bias) in sampling.LogitBias)
            {
                json.WriteNumber($"{token}", bias);
            }

            json.WriteEndObject();
        }

        if (sampling.Seed is { } seed)
        {
            json.WriteNumber("seed", unchecked((long)seed));
        }

        if (sampling.TopLogProbs is { } top)
        {
            json.WriteBoolean("logprobs", true);
            json.WriteNumber("top_logprobs", top);
        }

        WriteStop(json, "stop", request.Stop);
        if (dialect == ChatDialect.Extended)
        {
            WriteTopK(json, sampling);
            Number(json, "min_p", sampling.MinP, 0);
            Number(json, "repetition_penalty", sampling.RepetitionPenalty, 1);
            return;
        }

        Lose(translation, "top_k", sampling.TopK != 0);
        LoseExtensions(sampling, translation);
    }

    public static void WriteMessages(Utf8JsonWriter json, InferenceRequest request, Translation translation)
    {
        var sampling = request.Sampling;
        if (sampling.Temperature > MostTemperature)
        {
            translation.Lost("temperature", "It is at most 1 in the provider's form; 1 was sent.");
        }

        WriteCommon(json, sampling with { Temperature = Math.Min(sampling.Temperature, MostTemperature) });
        WriteTopK(json, sampling);
        WriteStop(json, "stop_sequences", request.Stop);
        LosePenalties(sampling, translation);
        LoseExtensions(sampling, translation);
        RefuseLogProbs(sampling, translation);
    }

    public static void WriteResponses(Utf8JsonWriter json, InferenceRequest request, Translation translation)
    {
        var sampling = request.Sampling;
        WriteCommon(json, sampling);
        Lose(translation, "top_k", sampling.TopK != 0);
        LosePenalties(sampling, translation);
        LoseExtensions(sampling, translation);
        RefuseLogProbs(sampling, translation);
        if (request.Stop.Count > 0)
        {
            translation.Refuse("stop", "The provider's form has no stop texts. Leave stop out, or use a model that is served here.");
        }
    }

    private static void WriteCommon(Utf8JsonWriter json, SamplingOptions sampling)
    {
        Number(json, "temperature", sampling.Temperature, 1);
        Number(json, "top_p", sampling.TopP, 1);
    }

    private static void WriteTopK(Utf8JsonWriter json, SamplingOptions sampling)
    {
        if (sampling.TopK != 0)
        {
            json.WriteNumber("top_k", sampling.TopK);
        }
    }

    private static void WriteStop(Utf8JsonWriter json, string name, IReadOnlyList<string> stop)
    {
        if (stop.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var text in stop)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void LosePenalties(SamplingOptions sampling, Translation translation)
    {
        Lose(translation, "presence_penalty", sampling.PresencePenalty != 0);
        Lose(translation, "frequency_penalty", sampling.FrequencyPenalty != 0);
        Lose(translation, "logit_bias", sampling.LogitBias.Count > 0);
        Lose(translation, "seed", sampling.Seed is not null);
    }

    private static void LoseExtensions(SamplingOptions sampling, Translation translation)
    {
        Lose(translation, "min_p", sampling.MinP != 0);
        Lose(translation, "repetition_penalty", sampling.RepetitionPenalty != 1);
    }

    private static void RefuseLogProbs(SamplingOptions sampling, Translation translation)
    {
        if (sampling.TopLogProbs is not null)
        {
            translation.Refuse("logprobs", "The provider's form has no log-probabilities. Leave logprobs out, or use a model that is served here.");
        }
    }

    private static void Number(Utf8JsonWriter json, string name, float value, float otherwise)
    {
        if (value != otherwise)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void Lose(Translation translation, string name, bool given)
    {
        if (given)
        {
            translation.Lost(name, Unknown);
        }
    }
}
