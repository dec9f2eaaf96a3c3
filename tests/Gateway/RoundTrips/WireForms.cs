using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Endpoints.Chat;
using Penstock.Gateway.Endpoints.Messages;
using Penstock.Gateway.Endpoints.Responses;
using Penstock.Gateway.Wire;
using Penstock.Wire;
using Penstock.Wire.Chat;
using Penstock.Wire.Messages;
using Penstock.Wire.Responses;

namespace Penstock.Gateway.Tests.RoundTrips;

/// <summary>The forms by name, each with its writer and its parser.</summary>
internal static class WireForms
{
    public static readonly string[] All = ["plain chat", "extended chat", "messages", "responses"];

    /// <summary>The body, and what became of the request on its way.</summary>
    public static (byte[] Body, Translation Translation) Write(string form, InferenceRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var translation = new Translation();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            switch (form)
            {
                case "plain chat":
                    ChatRequestWriter.Write(json, request, request.Model, ChatDialect.Plain, translation);
                    break;
                case "extended chat":
                    ChatRequestWriter.Write(json, request, request.Model, ChatDialect.Extended, translation);
                    break;
                case "messages":
                    MessagesRequestWriter.Write(json, request, request.Model, translation);
                    break;
                default:
                    ResponsesRequestWriter.Write(json, request, request.Model, translation);
                    break;
            }
        }

        return (buffer.WrittenSpan.ToArray(), translation);
    }

    /// <summary>The request of a body that must have no fault.</summary>
    public static InferenceRequest Parse(string form, byte[] body)
    {
        using var document = RequestBody.Parse(body).OrThrow();
        var faults = new WireFaults();
        var caller = new Caller("req_1", "local", null);
        var json = new WireObject(document.RootElement, "", faults);
        var parsed = form switch
        {
            "messages" => MessagesRequestParser.Parse(json, caller),
            "responses" => ResponsesRequestParser.Parse(json, caller),
            _ => ChatRequestParser.Parse(json, caller),
        };
        Assert.True(faults.First is null, $"{faults.First?.Param}: {faults.First?.Message}");
        return parsed.Request with { Constraint = parsed.Request.Constraint is { } constraint ? constraint with { Param = "" } : null };
    }
}
