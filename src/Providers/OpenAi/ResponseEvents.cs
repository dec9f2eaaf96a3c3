using System.Runtime.InteropServices;
using System.Text.Json;
using Penstock.Contracts.Records;
using Penstock.Providers.Reading;

namespace Penstock.Providers.OpenAi;

/// <summary>What accounting needs of a <c>response</c> object, whole or in an event.</summary>
internal static class ResponseEvents
{
    /// <summary>Notes the model and the usage that a response names.</summary>
    public static void Report(JsonElement response, UpstreamTally tally)
    {
        tally.Model = response.Text("model") is { Length: > 0 and <= 256 } model ? model : tally.Model;
        if (response.Object("usage") is { ValueKind: JsonValueKind.Object } usage)
        {
            var json = JsonMarshal.GetRawUtf8Value(usage);
            tally.Report(UsageJson.Read(json), json);
        }
    }

    /// <summary>Why a response ended; null where it has failed, or has not ended.</summary>
    public static FinishReason? ReasonOf(JsonElement response) => response.Text("status") switch
    {
        "completed" => FinishReason.Stop,
        "incomplete" => response.Object("incomplete_details").Text("reason") == "max_output_tokens" ? FinishReason.Length : FinishReason.Stop,
        _ => null,
    };
}
