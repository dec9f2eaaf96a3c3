using System.Buffers;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Penstock.Cli.Bench.Streaming;

/// <summary>
/// A client of any OpenAI-compatible server that measures and keeps no text. Leaving a stream closes its connection at once:
/// .NET would otherwise read on for two seconds to save it. Thread-safe.
/// </summary>
internal sealed class ChatClient : IDisposable
{
    private static ReadOnlySpan<byte> Done => "[DONE]"u8;

    private readonly HttpClient http;
    private readonly Uri endpoint;
    private readonly TimeProvider time;

    /// <param name="url">The server, with or without <c>/v1</c>.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="apiKey">Sent as bearer token; null = none.</param>
    /// <param name="time">The clock of the timestamps.</param>
    public ChatClient(Uri url, string model, string? apiKey, TimeProvider time)
    {
        this.time = time;
        Model = model;
        Root = RootOf(url);
        endpoint = new Uri(Root, "v1/chat/completions");
        http = new HttpClient(new SocketsHttpHandler
        {
            MaxResponseDrainSize = 0,
            MaxConnectionsPerServer = int.MaxValue,
            UseCookies = false,
            UseProxy = false,
            AllowAutoRedirect = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (apiKey is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }
    }

    public string Model { get; }

    /// <summary>The server's address without <c>/v1</c>, ending in a slash.</summary>
    public Uri Root { get; }

    /// <summary>Asks, and follows the answer to its end.</summary>
    /// <param name="call">What to ask for.</param>
    /// <param name="cancellationToken">Leaving: the request counts as cancelled.</param>
    /// <returns>What was seen; failures are values.</returns>
    public async Task<ChatTrace> SendAsync(ChatCall call, CancellationToken cancellationToken)
    {
        var trace = new ChatTrace();
        using var message = Message(call);
        trace.SentAt = time.GetTimestamp();
        try
        {
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                trace.Fail($"HTTP {(int)response.StatusCode} {await ErrorCodeAsync(body, cancellationToken)}".TrimEnd(), time.GetTimestamp());
            }
            else if (call.Stream)
            {
                await FollowAsync(body, call, trace, cancellationToken);
            }
            else
            {
                trace.Add(ChatChunk.Parse(await ReadAllAsync(body, cancellationToken)), time.GetTimestamp());
                trace.Complete(time.GetTimestamp());
            }
        }
        catch (OperationCanceledException)
        {
            trace.Leave(time.GetTimestamp());
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException or InvalidOperationException or FormatException)
        {
            trace.Fail(Explain(error), time.GetTimestamp());
        }

        return trace;
    }

    /// <summary>The name of the first model that the server lists; null when it lists none or cannot be asked.</summary>
    public static async Task<string?> FirstModelAsync(Uri url, string? apiKey, CancellationToken cancellationToken)
    {
        using var client = new ChatClient(url, "", apiKey, TimeProvider.System);
        using var list = await client.http.GetAsync(new Uri(client.Root, "v1/models"), cancellationToken);
        if (!list.IsSuccessStatusCode)
        {
            return null;
        }

        using var json = await JsonDocument.ParseAsync(await list.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
        return json.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).FirstOrDefault();
    }

    public void Dispose() => http.Dispose();

    private async Task FollowAsync(Stream body, ChatCall call, ChatTrace trace, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(body);
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var now = time.GetTimestamp();
            var buffer = read.Buffer;
            while (SseReader.TryRead(ref buffer, out var data))
            {
                if (data.Length == Done.Length && new SequenceReader<byte>(data).IsNext(Done))
                {
                    trace.Complete(now);
                    return;
                }

                var chunk = ChatChunk.Parse(data);
                if (chunk.Error is { } error)
                {
                    trace.Fail($"error in mid-stream: {error}", now);
                    return;
                }

                trace.Add(chunk, now);
                call.Seen?.Invoke(trace.Counted);
                if (trace.Counted >= call.LeaveAfterTokens)
                {
                    trace.Leave(now);
                    return;
                }
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                trace.Fail("the stream ended without [DONE]", now);
                return;
            }
        }
    }

    private HttpRequestMessage Message(ChatCall call)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            model = Model,
            messages = new[] { new { role = "user", content = call.Prompt } },
            max_tokens = call.OutputTokens,
            ignore_eos = call.IgnoreEos,
            logprobs = call.LogProbs ? true : (bool?)null,
            stream = call.Stream,
            stream_options = call.Stream ? new { include_usage = true } : null,
        });
        var message = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (call.Task is not null)
        {
            message.Headers.Add("x-penstock-task", call.Task);
        }

        return message;
    }

    private static async Task<string?> ErrorCodeAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return ChatChunk.Parse(await ReadAllAsync(body, cancellationToken)).Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<ReadOnlySequence<byte>> ReadAllAsync(Stream body, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        await body.CopyToAsync(copy, cancellationToken);
        return new ReadOnlySequence<byte>(copy.ToArray());
    }

    private static Uri RootOf(Uri url)
    {
        var text = url.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return new Uri((text.EndsWith("/v1", StringComparison.Ordinal) ? text[..^3] : text) + "/");
    }

    private static string Explain(Exception error) => error switch
    {
        HttpRequestException http => $"connection: {http.HttpRequestError}",
        JsonException => "the answer is not the JSON of a chat completion",
        _ => $"connection: {error.GetType().Name}",
    };
}
