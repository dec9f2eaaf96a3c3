using System.Text;
using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>A message's content while it is read, part by part: texts are joined, pictures and documents keep their places among them. One user at a time.</summary>
internal sealed class Content
{
    private readonly StringBuilder text = new();
    private readonly List<Attachment> attachments = [];

    /// <summary>Whether there was any part.</summary>
    public bool Any { get; private set; }

    public string Text => text.ToString();

    public IReadOnlyList<Attachment> Attachments => attachments.Count == 0 ? Array.Empty<Attachment>() : attachments;

    public void Say(string? said)
    {
        Any = true;
        text.Append(said);
    }

    /// <summary>Puts it behind what was said so far; null = it had a fault.</summary>
    public void Attach(Attachment? attachment)
    {
        Any = true;
        if (attachment is not null)
        {
            attachments.Add(attachment with { At = text.Length });
        }
    }

    /// <summary>A text, or an array of parts; null and a fault when it is something else.</summary>
    /// <param name="value">The content.</param>
    /// <param name="part">Reads a part of the type that it gets, in the form's own words.</param>
    public static Content? Read(WireValue value, Action<WireObject, string, Content> part)
    {
        var content = new Content();
        switch (value.Kind)
        {
            case JsonValueKind.String:
                content.Say(value.AsText());
                return content;
            case JsonValueKind.Array:
                foreach (var item in value.Items())
                {
                    if (item.AsObject() is { } json && json.Required("type")?.AsText() is { } type)
                    {
                        part(json, type, content);
                    }
                }

                return content;
            default:
                value.WrongType("a string or an array of parts");
                return null;
        }
    }
}
