using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Attempts;

/// <summary>A request whose answer has begun, for a target that goes on with it.</summary>
internal static class ResumedRequest
{
    /// <summary>The chat with the beginning of the answer as its last message; null when the request leaves no room for more.</summary>
    /// <param name="request">A chat.</param>
    /// <param name="text">What was delivered.</param>
    /// <param name="produced">Output tokens that are spent.</param>
    public static InferenceRequest? Of(InferenceRequest request, string text, int produced)
    {
        if (request.Messages is not [.., var last] messages || request.MaxOutputTokens <= produced)
        {
            return null;
        }

        // The client had begun the answer itself; what was delivered follows that.
        var begun = last is { Role: "assistant", ToolCalls.Count: 0 };
        if (begun && !(request.ContinuesAnswer || request.Wire?.Form == WireForm.Messages))
        {
            return null;
        }

        return request with
        {
            Wire = null,
            Messages = begun ? [.. messages.SkipLast(1), last with { Content = last.Content + text }] : [.. messages, new ChatMessage { Role = "assistant", Content = text }],
            ContinuesAnswer = true,
            MaxOutputTokens = request.MaxOutputTokens - produced,
        };
    }
}
