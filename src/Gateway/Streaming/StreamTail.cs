namespace Penstock.Gateway.Streaming;

/// <summary>How a stream ends whose events a provider wrote.</summary>
/// <param name="Last">The event that says that it is whole.</param>
/// <param name="Error">What an error's JSON comes after.</param>
internal sealed record StreamTail(ReadOnlyMemory<byte> Last, ReadOnlyMemory<byte> Error)
{
    public static StreamTail OpenAi { get; } = new("data: [DONE]\n\n"u8.ToArray(), "data: "u8.ToArray());

    public static StreamTail Anthropic { get; } = new("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8.ToArray(), "event: error\ndata: "u8.ToArray());
}
