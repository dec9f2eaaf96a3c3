namespace Penstock.Contracts.Requests;

/// <summary>
/// A picture or a document that stands in a message's content. Immutable. It has either <see cref="Url"/> or <see cref="Data"/>. Nothing here ever looks into it or fetches
/// it: models that see get it from their provider.
/// </summary>
public sealed record Attachment
{
    /// <summary>Most of them in one request; providers take about as many.</summary>
    public const int MostInRequest = 100;

    /// <summary>Most characters of <see cref="Data"/>: 20 MiB of bytes, as much as any provider takes.</summary>
    public const int MostData = (20 << 20) / 3 * 4;

    /// <summary>Most characters of <see cref="Url"/>.</summary>
    public const int MostUrl = 2048;

    /// <summary>
    /// What a document with an address counts as, in pictures, where its tokens can only be guessed: a hundred pages, as much as providers take, have some 200,000 tokens.
    /// </summary>
    public const int PicturesOfAnAddress = 40;

    public required AttachmentKind Kind { get; init; }

    /// <summary>Where it stands: in front of the character of <see cref="ChatMessage.Content"/> with this index; the content's length = behind it.</summary>
    public int At { get; init; }

    /// <summary>An http or https address for the provider to fetch; null when the bytes are here.</summary>
    public string? Url { get; init; }

    /// <summary>Of <see cref="Data"/>: <c>image/png</c>, <c>application/pdf</c>; null with an address.</summary>
    public string? MediaType { get; init; }

    /// <summary>The bytes in base64; null with an address.</summary>
    public string? Data { get; init; }

    /// <summary>How closely a picture is looked at, <c>low</c> or <c>high</c>; null = as the provider likes.</summary>
    public string? Detail { get; init; }

    /// <summary>A document's file name or title; null when it has none.</summary>
    public string? Name { get; init; }

    /// <summary>As how many pictures it counts beside the text of its prompt; 0 for a document's bytes, which count as text.</summary>
    public int Pictures => Kind == AttachmentKind.Image ? 1 : Url is null ? 0 : PicturesOfAnAddress;
}
