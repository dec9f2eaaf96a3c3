using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire.Messages;

/// <summary>The system messages that a chat begins with, as Anthropic's <c>system</c>.</summary>
internal static class SystemWriter
{
    /// <summary>Writes them.</summary>
    /// <returns>How many messages it took.</returns>
    public static int Write(Utf8JsonWriter json, IReadOnlyList<ChatMessage> messages, Translation translation)
    {
        var count = 0;
        while (count < messages.Count && IsSystem(messages[count]))
        {
            Check(messages[count], $"messages[{count}]", translation);
            count++;
        }

        switch (count)
        {
            case 0:
                break;
            case 1:
                json.WriteString("system", messages[0].Content);
                break;
            default:
                translation.Lost("messages[1].role", "Several system messages at the beginning are blocks of one.");
                json.WriteStartArray("system");
                for (var index = 0; index < count; index++)
                {
                    BlockWriter.WriteText(json, messages[index].Content ?? "");
                }

                json.WriteEndArray();
                break;
        }

        return count;
    }

    /// <summary>Whether a message is the system's; OpenAI's newer models call it the developer's.</summary>
    public static bool IsSystem(ChatMessage message) => message.Role is "system" or "developer";

    /// <summary>Notes what a message of the system's says beyond its text.</summary>
    public static void Check(ChatMessage message, string path, Translation translation)
    {
        if (message.Role == "developer")
        {
            translation.Lost($"{path}.role", "The developer's messages are the system's in this form.");
        }

        BlockWriter.LoseName(message, path, translation);
        ContentPieces.RefuseOthers(message, path, translation);
    }
}
