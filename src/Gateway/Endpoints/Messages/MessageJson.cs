using System.Text.Json;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>What an answer of type <c>message</c> begins with, whole or streamed.</summary>
internal static class MessageJson
{
    public static void WriteHead(Utf8JsonWriter json, AnswerHead head)
    {
        json.WriteString("id", head.Id);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", head.Model);
        // Strict clients want the keys of what there is none of here.
        json.WriteNull("container");
        json.WriteNull("diagnostics");
    }
}
