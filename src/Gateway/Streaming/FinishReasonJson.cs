using Penstock.Contracts.Records;

namespace Penstock.Gateway.Streaming;

/// <summary>OpenAI's words for why a choice ended.</summary>
internal static class FinishReasonJson
{
    /// <summary>Only stop and length reach a client: the others end the answer with an error.</summary>
    public static string Of(FinishReason reason) => reason == FinishReason.Stop ? "stop" : "length";
}
