using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Providers.Http;
using Penstock.Wire.Chat;

namespace Penstock.Providers.OpenAi;

/// <summary>
/// A model behind an API like OpenAI's. It relays what the client wrote in OpenAI's forms; a chat in another form, or from in process, is translated, and so is its answer.
/// </summary>
internal sealed class OpenAiTarget(UpstreamConnection connection, TargetDescription description, TimeProvider time) : IInferenceTarget
{
    public TargetDescription Description => description;

    public Outcome<IPreparedRequest> Prepare(InferenceRequest request) =>
        request.Wire is { } wire && connection.Options.Speaks(wire.Form) ? Outcome.Of(Relay(request, wire))
        : request is { Kind: RequestKind.Chat, Messages: not null } && connection.Options.Speaks(WireForm.ChatCompletions) ? Translate(request)
        : new PenstockError(ErrorCode.UnsupportedValue, $"The provider '{connection.Options.Name}' answers in OpenAI's forms, and this request cannot be said in those that it takes. Send a plain chat, or send it in one of its forms.", "model");

    /// <summary>A request that goes over as its client wrote it.</summary>
    public IPreparedRequest Relay(InferenceRequest request, WireRequest wire) => new OpenAiPrepared(connection, description.Name, request, wire, losses: null, time);

    private Outcome<IPreparedRequest> Translate(InferenceRequest request)
    {
        var body = TranslatedBody.Of(request, WireForm.ChatCompletions, (json, translation) => ChatRequestWriter.Write(json, request, description.Name, connection.Options.Extensions ? ChatDialect.Extended : ChatDialect.Plain, translation));
        return body.Ok
            ? Outcome.Of<IPreparedRequest>(new OpenAiPrepared(connection, description.Name, body.Value.Request, body.Value.Wire, body.Value.Losses, time))
            : body.Error;
    }
}
