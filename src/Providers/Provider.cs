using System.Net.Security;
using Penstock.Contracts;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Providers.Anthropic;
using Penstock.Providers.Credentials;
using Penstock.Providers.Http;
using Penstock.Providers.OpenAi;

namespace Penstock.Providers;

/// <summary>A configured provider: its connections, and a target for each of its models. Thread-safe. Disposing it closes the connections.</summary>
public sealed class Provider : IDisposable
{
    private readonly UpstreamConnection connection;
    private readonly TimeProvider time;
    private readonly DateTimeOffset since;

    private Provider(TargetOptions options, Credential? credential, SslClientAuthenticationOptions tls, TimeProvider time)
    {
        Credential = new LiveCredential(options.Credential, credential, time);
        Options = options;
        this.time = time;
        since = time.GetUtcNow();
        connection = new UpstreamConnection(options, Credential, tls);
    }

    public TargetOptions Options { get; }

    /// <summary>Its key, which can be read again while it is used.</summary>
    public LiveCredential Credential { get; }

    /// <summary>Reads the credential and the authorities; calls nobody. An error when they are not to be had.</summary>
    public static async ValueTask<Outcome<Provider>> OpenAsync(TargetOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        var tls = UpstreamTrust.Of(options);
        if (!tls.Ok)
        {
            return tls.Error;
        }

        if (options.Credential is not { } source)
        {
            return new Provider(options, null, tls.Value, time);
        }

        var credential = await source.ReadAsync(cancellationToken);
        return credential.Ok ? new Provider(options, credential.Value, tls.Value, time) : credential.Error with { Message = $"Target '{options.Name}': {credential.Error.Message}" };
    }

    /// <summary>Whether requests in this form go through as their client wrote them.</summary>
    public bool Speaks(WireForm form) => Options.Speaks(form);

    /// <summary>What answers for a model, under the name that the provider has for it.</summary>
    public IInferenceTarget Target(string model)
    {
        var description = Describe(model);
        return Options.Kind == TargetKind.Anthropic ? new AnthropicTarget(connection, description, time) : new OpenAiTarget(connection, description, time);
    }

    /// <summary>A request that goes over as it is written, whatever the provider is configured to speak: how it is learnt what it does.</summary>
    internal IPreparedRequest Relay(InferenceRequest request, WireRequest wire) => Options.Kind == TargetKind.Anthropic
        ? new AnthropicTarget(connection, Describe(request.Model), time).Relay(request, wire)
        : new OpenAiTarget(connection, Describe(request.Model), time).Relay(request, wire);

    /// <summary>Calls the provider's list of models.</summary>
    public async Task<ProviderModels> ListModelsAsync(CancellationToken cancellationToken) => await ProviderModels.ReadAsync(connection, time, cancellationToken);

    public void Dispose()
    {
        connection.Dispose();
        Credential.Dispose();
    }

    private TargetDescription Describe(string model) => new() { Name = model, Owner = Options.Name, ContextLength = int.MaxValue, Since = since, Remote = true };
}
