using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary>
/// Makes messages of items. In this form an assistant's thinking, text and calls are items of their own; those that follow each other in this order are
/// one message, as models were trained to see them.
/// </summary>
internal sealed class Conversation
{
    private readonly List<ChatMessage> messages = [];
    private readonly List<ToolCall> calls = [];
    private ChatMessage? open;

    public void Think(string text, string? signature)
    {
        Close();
        open = new ChatMessage { Role = "assistant", ReasoningContent = text, ReasoningSignature = signature };
    }

    public void Say(string text)
    {
        if (open is null or { Content: not null } || calls.Count > 0)
        {
            Close();
        }

        open = (open ?? new ChatMessage { Role = "assistant" }) with { Content = text };
    }

    public void Call(ToolCall call)
    {
        open ??= new ChatMessage { Role = "assistant" };
        calls.Add(call);
    }

    /// <summary>A message that is nobody's part.</summary>
    public void Add(ChatMessage message)
    {
        Close();
        messages.Add(message);
    }

    public IReadOnlyList<ChatMessage> End()
    {
        Close();
        return messages;
    }

    // Thinking that nothing was said after is no message.
    private void Close()
    {
        if (open is { } message && (message.Content is not null || calls.Count > 0))
        {
            messages.Add(message with { ToolCalls = [.. calls] });
        }

        open = null;
        calls.Clear();
    }
}
