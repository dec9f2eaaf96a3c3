using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Penstock.Lab.Subjects;

/// <summary>A model of any OpenAI-compatible server. Leaving a stream closes its connection at once. Thread-safe.</summary>
public sealed class HttpSubject : ISubject, IDisposable
{
    private readonly HttpClient http;
    private readonly Uri root;
    private readonly IReadOnlyList<string> keys;

    /// <param name="root">The server's address without <c>/v1</c>, ending in a slash.</param>
    /// <param name="model">The model's name there.</param>
    /// <param name="keys">API keys, one a caller; empty = the server needs none.</param>
    public HttpSubject(Uri root, string model, IReadOnlyList<string> keys)
    {
        (this.root, Model, this.keys) = (root, model, keys);
        http = new HttpClient(new SocketsHttpHandler
        {
            // .NET would otherwise read on for two seconds to save the connection.
            MaxResponseDrainSize = 0,
            MaxConnectionsPerServer = int.MaxValue,
            UseCookies = false,
            UseProxy = false,
            AllowAutoRedirect = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public string Model { get; }

    public async Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        var draft = new AnswerDraft();
        try
        {
            using var message = Message(HttpMethod.Post, "v1/chat/completions", question.Caller);
            message.Content = new ByteArrayContent(QuestionBody.Of(question, Model)) { Headers = { ContentType = new("application/json") } };
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
                return await RefusalAsync(response, body, cancellationToken);
            if (question.Stream)
                return await FollowAsync(body, question, draft, cancellationToken);

            using var json = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            draft.Add(json.RootElement);
            return draft.Error is { } error ? draft.End(AnswerEnd.Failed, error) : draft.End(AnswerEnd.Whole);
        }
        catch (OperationCanceledException)
        {
            return draft.End(AnswerEnd.Left);
        }
        catch (HttpRequestException error)
        {
            return draft.End(AnswerEnd.Failed, $"The connection to {root} failed: {error.HttpRequestError}.");
        }
        catch (IOException)
        {
            return draft.End(AnswerEnd.Failed, "The connection broke in the middle of the answer.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return draft.End(AnswerEnd.Failed, "The answer is not the JSON of a chat completion.");
        }
    }

    public async Task<long?> PreemptionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var message = Message(HttpMethod.Get, "engine/status", 0);
            using var response = await http.SendAsync(message, cancellationToken);
            if (!response.IsSuccessStatusCode)
                return null;
            using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
            foreach (var engine in json.RootElement.GetProperty("engines").EnumerateArray())
            {
                if (engine.GetProperty("model").GetString() == Model)
                    return engine.GetProperty("preemptions").GetInt64();
            }

            return null;
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    public void Dispose() => http.Dispose();

    private static async Task<Answer> FollowAsync(Stream body, Question question, AnswerDraft draft, CancellationToken cancellationToken)
    {
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            if (item.Data == "[DONE]")
                return draft.End(AnswerEnd.Whole);

            using var json = JsonDocument.Parse(item.Data);
            draft.Add(json.RootElement);
            if (draft.Error is { } error)
                return draft.End(AnswerEnd.Failed, error);
            if (draft.Seen >= question.LeaveAfterTokens)
                return draft.End(AnswerEnd.Left);
        }

        return draft.End(AnswerEnd.Failed, "The stream ended without [DONE].");
    }

    private static async Task<Answer> RefusalAsync(HttpResponseMessage response, Stream body, CancellationToken cancellationToken)
    {
        var problem = $"HTTP {(int)response.StatusCode}";
        try
        {
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error", out var error))
                problem = $"{problem}: {AnswerDraft.MessageOf(error)}";
        }
        catch (JsonException)
        {
            // A proxy's page: the status says enough.
        }

        var end = response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => AnswerEnd.Busy,
            < HttpStatusCode.InternalServerError => AnswerEnd.Refused,
            _ => AnswerEnd.Failed,
        };
        return new Answer { End = end, Problem = problem, RetryAfter = response.Headers.RetryAfter?.Delta };
    }

    private HttpRequestMessage Message(HttpMethod method, string path, int caller)
    {
        var message = new HttpRequestMessage(method, new Uri(root, path));
        if (keys.Count > 0)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", keys[caller % keys.Count]);
        return message;
    }
}
