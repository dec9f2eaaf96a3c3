using System.Net;
using System.Net.Security;
using Penstock.Providers.Credentials;

namespace Penstock.Providers.Http;

/// <summary>The connections to one provider. Thread-safe. Nothing that a client sent but the body, and what headers belong to it, goes over them.</summary>
internal sealed class UpstreamConnection : IDisposable
{
    // The version of Anthropic's API whose forms are read and written here.
    private const string AnthropicVersion = "2023-06-01";

    // Names are resolved anew now and then, so that a provider can move.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpMessageInvoker invoker;
    private readonly string root;
    private readonly string query;
    private readonly LiveCredential credential;
    private KeyedHeaders headers;

    public UpstreamConnection(TargetOptions options, LiveCredential credential, SslClientAuthenticationOptions tls)
    {
        Options = options;
        this.credential = credential;
        root = options.BaseUrl.AbsoluteUri.TrimEnd('/') + "/";
        query = string.Concat(options.Query.Select((pair, index) => $"{(index == 0 ? '?' : '&')}{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        headers = new(credential.Current, [.. Headers(options, credential.Current?.Reveal())]);
        invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // A stream that is let go is closed at once. By default what is left of it is read for 2 s, and the provider goes on producing.
            MaxResponseDrainSize = 0,
            ResponseDrainTimeout = TimeSpan.Zero,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            EnableMultipleHttp2Connections = true,
            SslOptions = tls,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
        });
    }

    public TargetOptions Options { get; }

    /// <summary>
    /// Sends a body; returns when the answer's headers are there. A target that does not know the key (401) is asked once more where another key is found in the key's place: it was rotated.
    /// </summary>
    /// <param name="path">Below the base address, without a leading slash.</param>
    /// <param name="body">The body, or null for a GET.</param>
    /// <param name="cancellationToken">Closes the connection, or resets the stream where several share one.</param>
    /// <exception cref="HttpRequestException">No answer.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or no connection in time.</exception>
    public async Task<HttpResponseMessage> SendAsync(string path, HttpContent? body, CancellationToken cancellationToken)
    {
        var key = credential.Current;
        var response = await invoker.SendAsync(Message(path, body, key), cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || await credential.RenewAsync(key, cancellationToken) is not { } rotated)
        {
            return response;
        }

        response.Dispose();
        return await invoker.SendAsync(Message(path, body, rotated), cancellationToken);
    }

    public void Dispose() => invoker.Dispose();

    private HttpRequestMessage Message(string path, HttpContent? body, Credential? key)
    {
        var message = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, root + path + query)
        {
            Content = body,
            Version = HttpVersion.Version20,
            VersionPolicy = Options.Http2 ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.TryAddWithoutValidation("user-agent", "penstock");
        foreach (var (name, value) in HeadersFor(key))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        foreach (var (name, value) in (body as SplicedBody)?.Beside ?? [])
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private (string Name, string Value)[] HeadersFor(Credential? key)
    {
        var known = headers;
        if (!ReferenceEquals(known.Key, key))
        {
            headers = known = new(key, [.. Headers(Options, key?.Reveal())]);
        }

        return known.Headers;
    }

    private static IEnumerable<(string Name, string Value)> Headers(TargetOptions options, string? key)
    {
        if (options.Kind == TargetKind.Anthropic)
        {
            yield return ("anthropic-version", AnthropicVersion);
        }

        if (key is null)
        {
            yield break;
        }

        yield return (options.Auth ?? (options.Kind == TargetKind.Anthropic ? TargetAuth.XApiKey : TargetAuth.Bearer)) switch
        {
            TargetAuth.XApiKey => ("x-api-key", key),
            TargetAuth.ApiKey => ("api-key", key),
            _ => ("authorization", $"Bearer {key}"),
        };
    }

    private sealed record KeyedHeaders(Credential? Key, (string Name, string Value)[] Headers);
}
