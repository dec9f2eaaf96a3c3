namespace Penstock.Cli.Bench.Streaming;

/// <summary>
/// Makes prompts of about a given length: common words in a random order that differs from request to request, so that no prefix is
/// shared. How many tokens a word and the chat template take is learnt from the server's own usage numbers in two small requests, which
/// works with every server and warms it up; without usage a word counts as one and a third.
/// </summary>
internal sealed class SyntheticPrompt
{
    private const int FewWords = 8;
    private const int ManyWords = 108;

    private static readonly string[] Words =
    [
        "the", "river", "carries", "cold", "water", "down", "from", "hills", "where", "old", "stone", "houses", "stand", "and", "people",
        "work", "in", "fields", "until", "evening", "light", "falls", "over", "quiet", "roads", "a", "small", "boat", "turns", "slowly",
        "near", "bridge", "while", "children", "call", "each", "other", "across", "green", "banks", "wind", "moves", "through", "tall",
        "grass", "with", "sound", "like", "rain", "on", "leaves", "every", "morning", "begins", "again", "as", "it", "did", "before",
        "they", "came", "to", "this", "place",
    ];

    private readonly double tokensPerWord;
    private readonly double templateTokens;

    private SyntheticPrompt(double tokensPerWord, double templateTokens) => (this.tokensPerWord, this.templateTokens) = (tokensPerWord, templateTokens);

    /// <summary>Asks the server twice for one token to learn the length of words.</summary>
    /// <returns>The maker of prompts, or what the server said instead of an answer.</returns>
    public static async Task<(SyntheticPrompt? Prompt, string? Failure)> CalibrateAsync(ChatClient client, CancellationToken cancellationToken)
    {
        var few = await client.SendAsync(new ChatCall(Text(FewWords, 1), 1), cancellationToken);
        var many = await client.SendAsync(new ChatCall(Text(ManyWords, 1), 1), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (few.Failure is { } failure)
            return (null, failure);

        // A context too small for the longer one says nothing about the length of words.
        return few.PromptTokens is { } short_ && many.PromptTokens is { } long_ && long_ > short_
            ? (Between(short_, long_), null)
            : (new SyntheticPrompt(4.0 / 3, 0), null);
    }

    /// <summary>A prompt of about so many tokens, the chat template included.</summary>
    /// <param name="tokens">How many.</param>
    /// <param name="seed">The same seed gives the same words.</param>
    public string OfTokens(int tokens, int seed) => Text(Math.Max(1, (int)Math.Round((tokens - templateTokens) / tokensPerWord)), seed);

    private static SyntheticPrompt Between(int fewTokens, int manyTokens)
    {
        var perWord = (manyTokens - fewTokens) / (double)(ManyWords - FewWords);
        return new SyntheticPrompt(perWord, Math.Max(0, fewTokens - (perWord * FewWords)));
    }

    private static string Text(int words, int seed)
    {
        var random = new Random(seed);
        return string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[random.Next(Words.Length)]));
    }
}
