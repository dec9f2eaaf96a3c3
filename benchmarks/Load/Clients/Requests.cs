using System.Text;

namespace Penstock.Benchmarks.Load.Clients;

/// <summary>Requests as bytes, ready to be sent.</summary>
internal static class Requests
{
    /// <summary>The key that Penstock's configuration knows; the others do not look.</summary>
    public const string Key = "sk-load-0123456789abcdefghijklmnop";

    private const string Words = "What does a penstock do, and why does its water hammer matter to a turbine? ";

    /// <param name="model">Asks the upstream for a behaviour.</param>
    /// <param name="stream">Whether to stream.</param>
    /// <param name="promptBytes">About so much text.</param>
    /// <param name="maxTokens">Tokens of a paced answer.</param>
    public static byte[] Chat(string model, bool stream, int promptBytes = 150, int maxTokens = 100)
    {
        var prompt = string.Concat(Enumerable.Repeat(Words, 1 + (promptBytes / Words.Length)))[..promptBytes];
        var body = $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"max_tokens":{{maxTokens}},"messages":[{"role":"system","content":"Answer in one sentence."},{"role":"user","content":"{{prompt}}"}]}""";
        return Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {Key}\r\nContent-Type: application/json\r\nAccept: application/json\r\nUser-Agent: load\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }
}
