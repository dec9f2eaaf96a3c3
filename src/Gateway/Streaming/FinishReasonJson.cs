using Penstock.Contracts.Records;

namespace Penstock.Gateway.Streaming;

/// <summary>OpenAI's words for why a choice ended.</summary>
internal static class FinishReasonJson
{
    /// <summary>Only stop and length reach a client: the others end the answer with an error.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="called">Whether the choice calls tools: then its end by itself has another name.</param>
    public static string Of(FinishReason reason, bool called = false) => reason != FinishReason.Stop ? "length" : called ? "tool_calls" : "stop";
}
