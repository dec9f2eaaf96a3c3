using Penstock.Cli.Bench.Streaming;

namespace Penstock.Cli.Bench;

/// <summary>A server that answers, and prompts of known length for its model. Disposing closes the connections.</summary>
internal sealed record BenchServer(ChatClient Client, SyntheticPrompt Prompts) : IDisposable
{
    /// <summary>Asks for an answer to a prompt of about so many tokens.</summary>
    public Task<ChatTrace> SendAsync(int promptTokens, int outputTokens, Random random, CancellationToken cancellationToken) =>
        Client.SendAsync(new ChatCall(Prompts.OfTokens(promptTokens, random.Next()), outputTokens), cancellationToken);

    public void Dispose() => Client.Dispose();
}
