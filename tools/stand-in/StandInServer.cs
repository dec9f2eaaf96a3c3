using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Penstock.Tools.StandIn;

/// <summary>A provider with OpenAI's API that behaves as the model's name asks, and counts what it produces.</summary>
public sealed class StandInServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, int> callsOfModel = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<CallRecord> calls = new();

    private readonly X509Certificate2? certificate;

    private StandInServer(string url, StandInTransport transport)
    {
        certificate = transport == StandInTransport.Tls ? StandInCertificate.Create() : null;
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "stand-in" });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseUrls(url).ConfigureKestrel(options => options.ConfigureEndpointDefaults(listen =>
        {
            listen.Protocols = transport == StandInTransport.Http2 ? HttpProtocols.Http2 : HttpProtocols.Http1AndHttp2;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        app = builder.Build();
        app.UseRouting();
        app.MapPost("/v1/chat/completions", http => AnswerAsync(http, chat: true));
        app.MapPost("/v1/completions", http => AnswerAsync(http, chat: false));
        app.MapPost("/v1/responses", RespondAsync);
        app.MapPost("/v1/embeddings", EmbedAsync);
        app.MapGet("/v1/models", http => http.Response.WriteAsync("""{"object":"list","data":[{"id":"mock-instant","object":"model","created":0,"owned_by":"stand-in"}]}"""));
        app.MapGet("/stand-in/calls", http => http.Response.WriteAsync(JsonSerializer.Serialize(
            calls.Select(call => new { path = call.Path, model = call.Model, tokens = call.Tokens, aborted = call.Aborted, ended = call.Ended.IsCompleted }))));
    }

    /// <summary>What the API's paths come after.</summary>
    public Uri BaseUrl => new UriBuilder(app.Urls.First()) { Scheme = certificate is null ? "http" : "https", Path = "v1" }.Uri;

    /// <summary>The certificate in PEM, for callers to trust; null without TLS.</summary>
    public string? CertificatePem => certificate?.ExportCertificatePem();

    /// <summary>Every call so far, in the order of their arrival.</summary>
    public IReadOnlyList<CallRecord> Calls => [.. calls];

    /// <summary>The key without which chats and completions are refused; null = none is needed.</summary>
    public string? RequiredKey { get; set; }

    /// <summary>Tokens of an answer.</summary>
    public int AnswerTokens { get; set; } = 12;

    /// <summary>Tokens before a behaviour's fault in mid-answer.</summary>
    public int TokensBeforeAFault { get; set; } = 5;

    /// <summary>Between two tokens of <see cref="Behaviour.Paced"/>.</summary>
    public TimeSpan Pace { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Waited for before each token but the first of a call; lets a test hold an answer in the middle.</summary>
    public Func<CallRecord, Task> BeforeToken { get; set; } = _ => Task.CompletedTask;

    /// <summary>Waited for before the first token of a call.</summary>
    public Func<CallRecord, Task> BeforeFirstToken { get; set; } = _ => Task.CompletedTask;

    /// <summary>Waited for before a connection is cut, so that what was sent has arrived: a reset takes along what has not.</summary>
    public Func<Task> BeforeCut { get; set; } = () => Task.Delay(TimeSpan.FromMilliseconds(100));

    public static async Task<StandInServer> StartAsync(string url = "http://127.0.0.1:0", StandInTransport transport = StandInTransport.Http1)
    {
        var server = new StandInServer(url, transport);
        await server.app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        certificate?.Dispose();
    }

    /// <summary>What a model's name asks for.</summary>
    public static Behaviour BehaviourOf(string model) =>
        model.StartsWith("mock-", StringComparison.Ordinal) && Enum.TryParse<Behaviour>(model["mock-".Length..].Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var behaviour)
            ? behaviour
            : Behaviour.Instant;

    private async Task AnswerAsync(HttpContext http, bool chat)
    {
        var (call, request) = await ReceiveAsync(http);
        var aborted = true;
        try
        {
            var behaviour = RequiredKey is { } key && call.Headers.GetValueOrDefault("authorization") != $"Bearer {key}"
                ? Behaviour.WrongKey
                : Effective(BehaviourOf(call.Model), callsOfModel.AddOrUpdate(call.Model, 1, (_, count) => count + 1), request);
            if (await Refusals.TryWriteAsync(http, behaviour))
            {
                aborted = http.RequestAborted.IsCancellationRequested;
                return;
            }

            if (chat && Dialects.Of(behaviour) is not null)
            {
                await Dialects.WriteAsync(http, behaviour, call);
                aborted = http.RequestAborted.IsCancellationRequested;
                return;
            }

            await new Answer(this, http, call, request, behaviour, chat).WriteAsync();
            aborted = http.RequestAborted.IsCancellationRequested;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The caller has left: that is what is recorded.
        }
        finally
        {
            call.End(aborted);
        }
    }

    private async Task RespondAsync(HttpContext http)
    {
        var (call, request) = await ReceiveAsync(http);
        var aborted = true;
        try
        {
            var behaviour = BehaviourOf(call.Model);
            if (!await Refusals.TryWriteAsync(http, behaviour))
            {
                await new ResponsesAnswer(this, http, call, behaviour).WriteAsync(request.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True);
            }

            aborted = http.RequestAborted.IsCancellationRequested;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The caller has left: that is what is recorded.
        }
        finally
        {
            call.End(aborted);
        }
    }

    private async Task EmbedAsync(HttpContext http)
    {
        var (call, _) = await ReceiveAsync(http);
        var behaviour = Effective(BehaviourOf(call.Model), callsOfModel.AddOrUpdate(call.Model, 1, (_, count) => count + 1), default);
        try
        {
            if (!await Refusals.TryWriteAsync(http, behaviour))
            {
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync(
                    $$$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-0.5]}],"model":"{{{call.Model}}}","usage":{"prompt_tokens":7,"total_tokens":7}}""", http.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller has left.
        }
        finally
        {
            call.End(http.RequestAborted.IsCancellationRequested);
        }
    }

    private async Task<(CallRecord Call, JsonElement Request)> ReceiveAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var request = JsonElement.Parse(body);
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var call = new CallRecord(http.Request.Path + http.Request.QueryString, request.GetProperty("model").GetString()!, body, headers, http.Connection.Id);
        http.RequestAborted.Register(call.Leave);
        calls.Enqueue(call);
        return (call, request);
    }

    private static Behaviour Effective(Behaviour behaviour, int count, JsonElement request) => behaviour switch
    {
        Behaviour.RateLimitedOnce or Behaviour.FailsOnce or Behaviour.CutOnce when count > 1 => Behaviour.Instant,
        Behaviour.Flapping => count % 2 == 1 ? Behaviour.Overloaded : Behaviour.Instant,
        Behaviour.RefusesMaxTokens when request.ValueKind != JsonValueKind.Object || !request.TryGetProperty("max_tokens", out _) || !request.TryGetProperty("messages", out _) => Behaviour.Instant,
        Behaviour.RefusesPrefill when request.ValueKind != JsonValueKind.Object || request.GetProperty("messages").EnumerateArray().Last().GetProperty("role").GetString() != "assistant" => Behaviour.Instant,
        _ => behaviour,
    };
}
