using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace Penstock.Benchmarks.Load.Upstream;

/// <summary>What the upstream sends. The bytes are made once; a timestamp is written into a copy.</summary>
internal static class Answers
{
    /// <summary>What stands before a timestamp.</summary>
    public static ReadOnlySpan<byte> Mark => "\"content\":\""u8;

    /// <summary>Before the first event of a stream.</summary>
    public static readonly byte[] StreamHead = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");

    /// <summary>After its last token.</summary>
    public static readonly byte[] StreamEnd = [
        .. Chunk("""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"mock","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""),
        .. Chunk("""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"mock","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":8,"total_tokens":20}}"""),
        .. Chunk("[DONE]"), .. "0\r\n\r\n"u8];

    private const string Body = """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"mock","choices":[{"index":0,"message":{"role":"assistant","content":"0000000000000000000"},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":8,"total_tokens":20}}""";
    private static readonly byte[] WholeAnswer = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
    private static readonly byte[] TokenChunk = Chunk("""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"mock","choices":[{"index":0,"delta":{"content":"0000000000000000000"},"finish_reason":null}]}""");
    private static readonly int TokenMark = TokenChunk.AsSpan().IndexOf(Mark) + Mark.Length;

    public static int TokenLength => TokenChunk.Length;

    /// <summary>An answer that is not streamed.</summary>
    public static ReadOnlyMemory<byte> Whole() => WholeAnswer;

    /// <summary>A stream, all at once.</summary>
    public static ReadOnlyMemory<byte> Stream(int tokens)
    {
        var answer = new byte[StreamHead.Length + (tokens * TokenLength) + StreamEnd.Length];
        StreamHead.CopyTo(answer.AsSpan());
        for (var i = 0; i < tokens; i++)
            Token(answer.AsSpan(StreamHead.Length + (i * TokenLength)));
        StreamEnd.CopyTo(answer.AsSpan(answer.Length - StreamEnd.Length));
        return answer;
    }

    /// <summary>Writes a token that says when it was written.</summary>
    public static void Token(Span<byte> destination)
    {
        TokenChunk.CopyTo(destination);
        Utf8Formatter.TryFormat(Stopwatch.GetTimestamp(), destination[TokenMark..], out _, new('D', LeanUpstream.Digits));
    }

    private static byte[] Chunk(string data) => Encoding.ASCII.GetBytes($"{data.Length + 8:x}\r\ndata: {data}\n\n\r\n");
}
