using Penstock.Contracts.Requests;

namespace Penstock.Wire;

/// <summary>A message's content cut at its pictures and documents, in the order in which forms with parts write it.</summary>
internal static class ContentPieces
{
    /// <summary>Each piece is a text, which is not empty, or an attachment.</summary>
    public static IEnumerable<(string? Text, Attachment? Attachment)> Of(ChatMessage message)
    {
        var (content, from) = (message.Content ?? "", 0);
        foreach (var attachment in message.Attachments)
        {
            var at = Math.Clamp(attachment.At, from, content.Length);
            if (at > from)
            {
                yield return (content[from..at], null);
                from = at;
            }

            yield return (null, attachment);
        }

        if (from < content.Length)
        {
            yield return (content[from..], null);
        }
    }

    /// <summary>As a <c>data:</c> URI, or its address.</summary>
    public static string UrlOf(Attachment attachment) => attachment.Url ?? $"data:{attachment.MediaType};base64,{attachment.Data}";

    /// <summary>Refuses what stands in a message of a role whose content is text only.</summary>
    public static void RefuseOthers(ChatMessage message, string path, Translation translation)
    {
        if (message.Attachments.Count > 0)
        {
            translation.Refuse($"{path}.content", $"{path} has pictures or documents, which a message of the role '{message.Role}' cannot hold in the provider's form. Put them into a user's message.");
        }
    }
}
