using Penstock.Providers.Credentials;

namespace Penstock.Providers;

/// <summary>A provider as it is configured. Immutable.</summary>
public sealed record TargetOptions
{
    /// <summary>Its name here: in routes, records and messages.</summary>
    public required string Name { get; init; }

    public required TargetKind Kind { get; init; }

    /// <summary>What the API's paths are appended to: <c>https://api.openai.com/v1</c>. Nothing else is ever called.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Where its key is; null = it needs none.</summary>
    public CredentialSource? Credential { get; init; }

    /// <summary>Names, or globs with <c>*</c>, of the models that it answers for, as requests name them.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Until there is a connection. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the call to the first token of a stream, or to the whole of an answer that is not streamed. Default 120 s.</summary>
    public TimeSpan FirstTokenTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Between two events of a stream. Default 60 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether its streams are asked to end with their usage; a server that does not know <c>stream_options</c> may refuse that. Default yes.</summary>
    public bool StreamUsage { get; init; } = true;

    /// <summary>
    /// Whether it knows the fields of vLLM, SGLang, llama-server and Penstock beside OpenAI's, so that a request that is translated for it keeps them. A server that
    /// does not may refuse them. Default no.
    /// </summary>
    public bool Extensions { get; init; }
}
