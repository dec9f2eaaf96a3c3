using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Providers.Http;

namespace Penstock.Providers.OpenAi;

/// <summary>A model behind an API like OpenAI's. It relays what the client wrote; a request from in process, which has no such body, it refuses by name.</summary>
internal sealed class OpenAiTarget(UpstreamConnection connection, TargetDescription description, TimeProvider time) : IInferenceTarget
{
    public TargetDescription Description => description;

    public Outcome<IPreparedRequest> Prepare(InferenceRequest request) => request.Wire is { } wire
        ? Outcome.Of<IPreparedRequest>(new OpenAiPrepared(connection, description.Name, request, wire, time))
        : new PenstockError(ErrorCode.UnsupportedValue, $"The provider '{connection.Options.Name}' is asked over HTTP only. Send the request to the server's own address.", "model");
}
