namespace Penstock.Cli.Bench.Streaming;

/// <summary>Makes a length fit the model: a benchmark's usual lengths are too much for a small context, and servers do not agree on how they name theirs.</summary>
internal static class Fitting
{
    // Shorter than this the length cannot be what the server refuses.
    private const int Least = 24;

    /// <summary>Sends with half the tokens for as long as the server says that they are too many for the context.</summary>
    /// <param name="what">Whose length it is, for the note.</param>
    /// <param name="tokens">The length to begin with.</param>
    /// <param name="send">Sends a request of a length.</param>
    /// <param name="note">Told once if the length had to change.</param>
    /// <returns>The first request that was not refused for its length, or the last one; and its length.</returns>
    public static async Task<(ChatTrace Trace, int Tokens)> HalveAsync(string what, int tokens, Func<int, Task<ChatTrace>> send, Action<string> note)
    {
        for (var fitting = tokens; ; fitting /= 2)
        {
            var trace = await send(fitting);
            if (trace.IsTooLong && fitting >= Least)
                continue;
            if (fitting < tokens && !trace.IsTooLong)
                note($"{tokens:N0} tokens are too many for the model's context; {what} has about {fitting:N0}.");
            return (trace, fitting);
        }
    }
}
