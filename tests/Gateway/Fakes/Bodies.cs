namespace Penstock.Gateway.Tests.Fakes;

/// <summary>Request bodies for the scripted model.</summary>
internal static class Bodies
{
    public const string Chat = """{"model":"scripted","messages":[{"role":"user","content":"hi"}]}""";
    public const string ChatStream = """{"model":"scripted","stream":true,"messages":[{"role":"user","content":"hi"}]}""";
    public const string Completion = """{"model":"scripted","prompt":"hi"}""";
    public const string CompletionStream = """{"model":"scripted","stream":true,"prompt":"hi"}""";
    public const string Embedding = """{"model":"scripted","input":["a","b"]}""";
}
