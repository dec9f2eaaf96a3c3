using System.Text.RegularExpressions;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Tests.RoundTrips;

/// <summary>Puts back into a request what a translation declares to have lost: what still differs was lost in silence.</summary>
internal static partial class DeclaredLosses
{
    public static InferenceRequest Restore(InferenceRequest translated, InferenceRequest original, IReadOnlyList<Loss> losses)
    {
        foreach (var loss in losses)
        {
            translated = loss.Param.StartsWith("messages[", StringComparison.Ordinal)
                ? translated with { Messages = Restore(translated.Messages!, original.Messages!, loss.Param) }
                : Restore(translated, original, loss.Param);
        }

        return translated;
    }

    private static InferenceRequest Restore(InferenceRequest translated, InferenceRequest original, string param)
    {
        var (to, from, terms) = (translated.Sampling, original.Sampling, translated.Terms);
        return param switch
        {
            "max_tokens" => translated with { MaxOutputTokens = original.MaxOutputTokens },
            "temperature" => translated with { Sampling = to with { Temperature = from.Temperature } },
            "top_k" => translated with { Sampling = to with { TopK = from.TopK } },
            "min_p" => translated with { Sampling = to with { MinP = from.MinP } },
            "repetition_penalty" => translated with { Sampling = to with { RepetitionPenalty = from.RepetitionPenalty } },
            "presence_penalty" => translated with { Sampling = to with { PresencePenalty = from.PresencePenalty } },
            "frequency_penalty" => translated with { Sampling = to with { FrequencyPenalty = from.FrequencyPenalty } },
            "logit_bias" => translated with { Sampling = to with { LogitBias = from.LogitBias } },
            "seed" => translated with { Sampling = to with { Seed = from.Seed } },
            "class" => translated with { Terms = terms with { Class = original.Terms.Class } },
            "priority" => translated with { Terms = terms with { Priority = original.Terms.Priority } },
            "cache_salt" => translated with { Terms = terms with { CacheSalt = original.Terms.CacheSalt } },
            "chat_template_kwargs" => translated with { TemplateArguments = original.TemplateArguments },
            _ => throw new ArgumentOutOfRangeException(nameof(param), param, "A loss of a field that no test knows."),
        };
    }

    private static List<ChatMessage> Restore(IReadOnlyList<ChatMessage> translated, IReadOnlyList<ChatMessage> original, string param)
    {
        var match = MessagePath().Match(param);
        var index = int.Parse(match.Groups[1].Value);
        var (to, from) = (translated[index], original[index]);
        return
        [
            .. translated.Take(index),
            match.Groups[2].Value switch
            {
                "role" => to with { Role = from.Role },
                "name" => to with { Name = from.Name },
                "reasoning_content" => to with { ReasoningContent = from.ReasoningContent },
                "signature" => to with { ReasoningSignature = from.ReasoningSignature },
                var path when path.EndsWith(".image_url.detail", StringComparison.Ordinal) => Detailed(to, from),
                "is_error" => to with { ToolFailed = from.ToolFailed },
                _ => throw new ArgumentOutOfRangeException(nameof(param), param, "A loss of a message's field that no test knows."),
            },
            .. translated.Skip(index + 1),
        ];
    }

    // The loss names a part; which attachment it is follows from the parts' order, and each of them is named.
    private static ChatMessage Detailed(ChatMessage to, ChatMessage from) => to with { Attachments = [.. to.Attachments.Zip(from.Attachments, (one, other) => one with { Detail = other.Detail })] };

    [GeneratedRegex(@"^messages\[(\d+)\]\.(.+)$")]
    private static partial Regex MessagePath();
}
