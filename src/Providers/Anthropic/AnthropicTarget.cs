using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Providers.Http;
using Penstock.Wire;
using Penstock.Wire.Messages;

namespace Penstock.Providers.Anthropic;

/// <summary>A model behind Anthropic's Messages API. It relays what the client wrote in that form; chats in another form are translated, and so are their answers.</summary>
internal sealed class AnthropicTarget(UpstreamConnection connection, TargetDescription description, TimeProvider time) : IInferenceTarget
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public TargetDescription Description => description;

    public Outcome<IPreparedRequest> Prepare(InferenceRequest request) =>
        request.Wire is { Form: WireForm.Messages } wire ? Outcome.Of<IPreparedRequest>(new AnthropicPrepared(connection, description.Name, request, wire, losses: null, time))
        : request is { Kind: RequestKind.Chat, Messages: not null } ? Translate(request)
        : new PenstockError(
            ErrorCode.UnsupportedValue,
            $"The provider '{connection.Options.Name}' answers chats in the form of Anthropic's Messages, and this request cannot be said in it. Send a chat without pictures and files, or send it to /v1/messages.",
            "model");

    private Outcome<IPreparedRequest> Translate(InferenceRequest request)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        var translation = new Translation();
        using (var json = new Utf8JsonWriter(body, Plain))
        {
            MessagesRequestWriter.Write(json, request, description.Name, translation);
        }

        return translation.Refusal is { } refusal
            ? refusal
            : Outcome.Of<IPreparedRequest>(new AnthropicPrepared(
                connection,
                description.Name,
                request with { PromptTokensEstimate = TokenEstimate.OfBytes(body.WrittenCount) },
                new WireRequest(WireForm.Messages, body.WrittenMemory),
                translation.Losses,
                time));
    }
}
