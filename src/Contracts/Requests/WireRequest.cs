namespace Penstock.Contracts.Requests;

/// <summary>What the client wrote. A target that speaks the same form relays it: nothing that the canonical request has no word for is lost.</summary>
/// <param name="Form">The language that it is written in.</param>
/// <param name="Body">One JSON object in UTF-8, without a byte order mark; no field of an object occurs twice. Never changed.</param>
/// <param name="IncludeUsage">Whether the client asked for a usage chunk at the end of a stream.</param>
public sealed record WireRequest(WireForm Form, ReadOnlyMemory<byte> Body, bool IncludeUsage = false)
{
    /// <summary>Headers that belong to the form, such as <c>anthropic-beta</c>: they change what the body means, and go where the body goes as it is.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Without the body: it is the client's.</summary>
    public override string ToString() => $"{Form}, {Body.Length} bytes";
}
