namespace Penstock.Contracts.Requests;

/// <summary>What an <see cref="Attachment"/> is.</summary>
public enum AttachmentKind
{
    /// <summary>JPEG, PNG, GIF or WebP.</summary>
    Image,

    /// <summary>PDF.</summary>
    Document,
}
