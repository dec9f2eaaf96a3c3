using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>Blocks of type <c>image</c> and <c>document</c>, of base64 or with an address. What a provider stores, and text that it is to cite, is refused by name.</summary>
internal static class MediaBlocks
{
    public static Attachment? Image(WireObject block)
    {
        CacheMarks.Let(block);
        return Source(block, AttachmentKind.Image);
    }

    public static Attachment? Document(WireObject block)
    {
        CacheMarks.Let(block);
        if (block.Field("context") is { } context)
        {
            block.Faults.Unsupported(context.Path, $"{context.Path} is not supported. Say it in a text block.");
        }

        if (block.Object("citations")?.Flag("enabled") == true)
        {
            block.Faults.Lost(block.PathOf("citations"), "Answers do not cite documents.");
        }

        var title = block.Text("title");
        return Source(block, AttachmentKind.Document) is { } document ? document with { Name = title } : null;
    }

    private static Attachment? Source(WireObject block, AttachmentKind kind)
    {
        if (block.Required("source")?.AsObject() is not { } source || source.Required("type")?.AsText() is not { } type)
        {
            return null;
        }

        switch (type)
        {
            case "base64":
                return AttachmentParser.OfBase64(source, kind);
            case "url":
                return source.Required("url") is { } url ? AttachmentParser.OfUrl(url, kind) : null;
            default:
                source.Faults.Unsupported(source.PathOf("type"), $"{source.PathOf("type")} must be base64 or url; files that a provider stores and text documents are not supported. Send text in text blocks.");
                return null;
        }
    }
}
