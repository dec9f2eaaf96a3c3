using Penstock.Contracts.Requests;
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

    /// <summary>In which header the key goes; null = as its kind has it.</summary>
    public TargetAuth? Auth { get; init; }

    /// <summary>What every address ends with, such as Azure's <c>api-version</c>; empty by default.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>The forms that it takes as clients wrote them; null = Messages for Anthropic's kind, and for OpenAI's all of its forms but Responses, which few servers have.</summary>
    public IReadOnlyList<WireForm>? Surfaces { get; init; }

    /// <summary>The most prompt tokens that a picture can cost there. Default 5000: Anthropic's largest have 4,784, OpenAI's 2,641 with most models and 48,169 with <c>gpt-4o-mini</c>.</summary>
    public int PictureTokens { get; init; } = 5000;

    /// <summary>Whether it takes no new requests, for now; those under way go on. Default no.</summary>
    public bool Drained { get; init; }

    /// <summary>Names, or globs with <c>*</c>, of the models that it answers for, as requests name them.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>A PEM file with the authorities that its certificate may be signed by; null, the default: those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>Whether it speaks HTTP/2 without being asked, where there is no TLS by which that could be agreed upon. Default no; over TLS it is used wherever it is offered.</summary>
    public bool Http2 { get; init; }

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

    /// <summary>Whether requests in this form go through as their client wrote them.</summary>
    public bool Speaks(WireForm form) => Surfaces?.Contains(form)
        ?? (Kind == TargetKind.Anthropic ? form == WireForm.Messages : form is WireForm.ChatCompletions or WireForm.Completions or WireForm.Embeddings);
}
