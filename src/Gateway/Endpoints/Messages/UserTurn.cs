using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>The blocks of a user's turn: text, pictures, documents, and the results of the tools that the assistant called.</summary>
internal static class UserTurn
{
    public static void Parse(WireValue content, List<ChatMessage> messages)
    {
        var said = new Content();
        _ = Content.Read(content, (block, type, _) =>
        {
            if (type == "tool_result")
            {
                Say();
                messages.Add(Result(block));
            }
            else
            {
                Block(block, type, said);
            }
        });
        Say();

        void Say()
        {
            if (said.Any)
            {
                messages.Add(new ChatMessage { Role = "user", Content = said.Text, Attachments = said.Attachments });
                said = new Content();
            }
        }
    }

    private static ChatMessage Result(WireObject block)
    {
        CacheMarks.Let(block);
        var content = block.Field("content") is { } field ? Content.Read(field, Block) : null;
        return new ChatMessage
        {
            Role = "tool",
            ToolCallId = block.Required("tool_use_id")?.AsText(),
            Content = content?.Text ?? "",
            Attachments = content?.Attachments ?? [],
            ToolFailed = block.Flag("is_error"),
        };
    }

    private static void Block(WireObject block, string type, Content into)
    {
        switch (type)
        {
            case "text":
                into.Say(TextBlocks.Read(block));
                break;
            case "image":
                into.Attach(MediaBlocks.Image(block));
                break;
            case "document":
                into.Attach(MediaBlocks.Document(block));
                break;
            default:
                TextBlocks.Refuse(block, type);
                break;
        }
    }
}
