using System.Text;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>
/// The blocks of an assistant's turn as one message: its thinking, its text, its calls. Blocks in another order than this one are put into it, which is
/// said; text and thinking in several blocks are joined.
/// </summary>
internal sealed class AssistantTurn
{
    private readonly StringBuilder text = new();
    private readonly StringBuilder thinking = new();
    private readonly List<ToolCall> calls = [];
    private string? signature;
    private bool said;
    private bool thought;

    public static ChatMessage Parse(WireValue content)
    {
        var turn = new AssistantTurn();
        foreach (var item in content.Items())
        {
            if (item.AsObject() is { } block && block.Required("type")?.AsText() is { } type)
            {
                turn.Take(block, type);
            }
        }

        if (!turn.said && turn.calls.Count == 0)
        {
            content.Faults.Invalid(content.Path, $"{content.Path} has neither text nor a call. Send what the assistant said, or leave the message out.");
        }

        return new ChatMessage
        {
            Role = "assistant",
            Content = turn.said ? turn.text.ToString() : null,
            ReasoningContent = turn.thought ? turn.thinking.ToString() : null,
            ReasoningSignature = turn.signature,
            ToolCalls = turn.calls,
        };
    }

    private void Take(WireObject block, string type)
    {
        CheckOrder(block, type);
        switch (type)
        {
            case "text":
                text.Append(TextBlocks.Read(block));
                said = true;
                break;
            case "thinking":
                Think(block);
                break;
            case "redacted_thinking":
                block.Faults.Lost(block.Path, "Only its provider can read redacted thinking; it is left out.");
                break;
            case "tool_use":
                Call(block);
                break;
            default:
                TextBlocks.Refuse(block, type);
                break;
        }
    }

    private void Think(WireObject block)
    {
        thinking.Append(block.Required("thinking")?.AsText());
        if (signature is not null)
        {
            block.Faults.Lost(block.PathOf("signature"), "Thinking in several blocks is joined, and the last one's signature is kept.");
        }

        signature = block.Text("signature") is { Length: > 0 } given ? given : signature;
        thought = true;
    }

    private void Call(WireObject block)
    {
        CacheMarks.Let(block);
        if (block.Required("id")?.AsText() is { } id && block.Required("name")?.AsText() is { } name && block.Required("input") is { } input && input.AsObject() is { } arguments)
        {
            WellFormed.Check(input);
            calls.Add(new ToolCall(id, name, arguments.Json.GetRawText()));
        }
    }

    private void CheckOrder(WireObject block, string type)
    {
        if ((type is "thinking" && (said || calls.Count > 0)) || (type is "text" && calls.Count > 0))
        {
            block.Faults.Lost(block.Path, "A message is its thinking, then its text, then its calls; this block comes earlier than it was written.");
        }
    }
}
