using System.Text.Json;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>Anthropic's words for why an answer ended.</summary>
internal static class StopReasonJson
{
    /// <summary>Writes <c>stop_reason</c>, <c>stop_sequence</c> and <c>stop_details</c>, which only refusals have. Only stop and length reach a client: the others end the answer with an error.</summary>
    /// <param name="json">Output.</param>
    /// <param name="finish">The event that ended the answer; null at the beginning of a stream.</param>
    /// <param name="called">Whether the answer calls tools.</param>
    public static void Write(Utf8JsonWriter json, GenerationEvent? finish, bool called)
    {
        json.WriteString("stop_reason", finish switch
        {
            null => null,
            { FinishReason: not FinishReason.Stop } => "max_tokens",
            _ when called => "tool_use",
            { StopText: not null } => "stop_sequence",
            _ => "end_turn",
        });
        json.WriteString("stop_sequence", finish?.StopText);
        json.WriteNull("stop_details");
    }
}
