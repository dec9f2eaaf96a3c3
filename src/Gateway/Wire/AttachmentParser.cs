using System.Buffers.Text;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>
/// Pictures and documents: <c>data:</c> URIs, base64, addresses. Nothing is fetched and no picture is looked into; that it is base64 of a known type and not too large is checked.
/// </summary>
internal static class AttachmentParser
{
    private static readonly string[] Images = ["image/jpeg", "image/png", "image/gif", "image/webp"];
    private static readonly string[] Documents = ["application/pdf"];

    /// <summary>From an address or a <c>data:</c> URI.</summary>
    public static Attachment? OfUrl(WireValue field, AttachmentKind kind)
    {
        if (field.AsText() is not { } url)
        {
            return null;
        }

        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return OfDataUri(field, url, kind);
        }

        if (url.Length > Attachment.MostUrl || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            field.Faults.Invalid(field.Path, $"{field.Path} must be an http or https address of at most {Attachment.MostUrl} characters, or a data: URI with base64.");
            return null;
        }

        return new Attachment { Kind = kind, Url = url };
    }

    /// <summary>From a <c>data:</c> URI.</summary>
    public static Attachment? OfDataUri(WireValue field, AttachmentKind kind) => field.AsText() is { } text ? OfDataUri(field, text, kind) : null;

    /// <summary>From base64 with its media type beside it.</summary>
    public static Attachment? OfBase64(WireObject source, AttachmentKind kind) =>
        source.Required("media_type") is { } type && type.AsText() is { } mediaType && source.Required("data") is { } field && field.AsText() is { } data
            ? Checked(type, field, mediaType, data, kind)
            : null;

    /// <summary>Notes a fault where a request has too many of them.</summary>
    public static void Count(IEnumerable<ChatMessage> messages, string param, WireFaults faults)
    {
        if (messages.Sum(message => message.Attachments.Count) > Attachment.MostInRequest)
        {
            faults.Invalid(param, $"{param} has more than {Attachment.MostInRequest} pictures and documents. Send fewer in one request.");
        }
    }

    private static Attachment? OfDataUri(WireValue field, string uri, AttachmentKind kind)
    {
        var comma = uri.IndexOf(',', StringComparison.Ordinal);
        var header = comma < 0 ? "" : uri[..comma];
        if (!header.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || !header.EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            field.Faults.Invalid(field.Path, $"{field.Path} must be a data: URI with base64, such as data:{(kind == AttachmentKind.Image ? Images : Documents)[0]};base64,...");
            return null;
        }

        return Checked(field, field, header["data:".Length..^";base64".Length].ToLowerInvariant(), uri[(comma + 1)..], kind);
    }

    private static Attachment? Checked(WireValue type, WireValue field, string mediaType, string data, AttachmentKind kind)
    {
        var known = kind == AttachmentKind.Image ? Images : Documents;
        if (!known.Contains(mediaType))
        {
            type.Faults.Unsupported(type.Path, $"{type.Path} must have the media type {string.Join(", ", known)}.");
        }
        else if (data.Length is 0 or > Attachment.MostData)
        {
            field.Faults.Invalid(field.Path, $"{field.Path} must have 1 to {Attachment.MostData} characters of base64; got {data.Length}.");
        }
        else if (!Base64.IsValid(data))
        {
            field.Faults.Invalid(field.Path, $"{field.Path} is not base64.");
        }
        else
        {
            return new Attachment { Kind = kind, MediaType = mediaType, Data = data };
        }

        return null;
    }
}
