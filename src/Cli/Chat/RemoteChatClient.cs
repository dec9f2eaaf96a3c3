using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Penstock.Contracts.Errors;

namespace Penstock.Cli.Chat;

/// <summary>As much of OpenAI's chat API as a terminal needs.</summary>
internal sealed class RemoteChatClient(HttpClient http, string model) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
        {
            Content = JsonContent.Create(new
            {
                model,
                messages = messages.Select(message => new { role = message.Role.Value, content = message.Text }),
                stream = true,
                stream_options = new { include_usage = true },
                max_tokens = options?.MaxOutputTokens,
                temperature = options?.Temperature,
            }),
        };
        using var response = await SendAsync(request, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            if (item.Data == "[DONE]")
                yield break;
            using var chunk = JsonDocument.Parse(item.Data);
            if (chunk.RootElement.TryGetProperty("error", out var error))
                throw Failure(error);
            if (Update(chunk.RootElement) is { } update)
                yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
        // The session owns the connection.
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
            {
                throw await FailureAsync(response, cancellationToken);
            }
        }
        catch (HttpRequestException exception)
        {
            throw new PenstockException(new(ErrorCode.Unavailable, $"The server does not answer: {exception.Message}"), exception);
        }
    }

    private static async Task<PenstockException> FailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return Failure(body.RootElement.GetProperty("error"));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new PenstockException(new(ErrorCode.Unavailable, $"The server answered {(int)response.StatusCode} without a reason."), exception);
        }
    }

    private static PenstockException Failure(JsonElement error) => new(new(
        ErrorCode.InvalidRequest,
        error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var message) ? message.GetString() ?? "" : error.GetRawText()));

    private static ChatResponseUpdate? Update(JsonElement chunk)
    {
        if (chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails
            {
                InputTokenCount = usage.GetProperty("prompt_tokens").GetInt64(),
                OutputTokenCount = usage.GetProperty("completion_tokens").GetInt64(),
            })]);
        }

        var text = chunk.GetProperty("choices").EnumerateArray()
            .Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : null)
            .FirstOrDefault();
        return string.IsNullOrEmpty(text) ? null : new ChatResponseUpdate(ChatRole.Assistant, text);
    }
}
