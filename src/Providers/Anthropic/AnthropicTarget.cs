using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Providers.Http;
using Penstock.Wire.Messages;

namespace Penstock.Providers.Anthropic;

/// <summary>A model behind Anthropic's Messages API. It relays what the client wrote in that form; chats in another form are translated, and so are their answers.</summary>
internal sealed class AnthropicTarget(UpstreamConnection connection, TargetDescription description, TimeProvider time) : IInferenceTarget
{
    public TargetDescription Description => description;

    public Outcome<IPreparedRequest> Prepare(InferenceRequest request) =>
        request.Wire is { Form: WireForm.Messages } wire ? Outcome.Of(Relay(request, wire))
        : request is { Kind: RequestKind.Chat, Messages: not null } ? Translate(request)
        : new PenstockError(
            ErrorCode.UnsupportedValue,
            $"The provider '{connection.Options.Name}' answers chats in the form of Anthropic's Messages, and this request cannot be said in it. Send a plain chat, or send it to /v1/messages.",
            "model");

    /// <summary>A request that goes over as its client wrote it.</summary>
    public IPreparedRequest Relay(InferenceRequest request, WireRequest wire) => new AnthropicPrepared(connection, description.Name, request, wire, losses: null, time);

    private Outcome<IPreparedRequest> Translate(InferenceRequest request)
    {
        var (said, trimmed) = Trimmed(request);
        var body = TranslatedBody.Of(said, WireForm.Messages, (json, translation) => MessagesRequestWriter.Write(json, said, description.Name, translation));
        return body.Ok
            ? Outcome.Of<IPreparedRequest>(new AnthropicPrepared(connection, description.Name, body.Value.Request, body.Value.Wire, body.Value.Losses, time) { Trimmed = trimmed })
            : body.Error;
    }

    // The beginning of an answer may not end with white space in this form; the model then says it again.
    private static (InferenceRequest Request, string Trimmed) Trimmed(InferenceRequest request)
    {
        if (request is not { ContinuesAnswer: true, Messages: [.., { Content: { } text } begun] messages })
        {
            return (request, "");
        }

        var kept = text.TrimEnd();
        return (request with { Messages = [.. messages.SkipLast(1), begun with { Content = kept }] }, text[kept.Length..]);
    }
}
