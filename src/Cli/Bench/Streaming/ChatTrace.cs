namespace Penstock.Cli.Bench.Streaming;

/// <summary>
/// What a client saw of one request, with a timestamp for each event that carried tokens.
/// <para>
/// Counting: an event has as many tokens as its log-probabilities say, else one if it has any text. When the usage chunk then says that
/// there were more, the rest is spread over the events by their bytes of text: a server that puts several tokens into one event is
/// counted as having delivered them at that moment. Without a usage chunk the count of events stands.
/// </para>
/// </summary>
internal sealed class ChatTrace
{
    private readonly List<Event> events = [];
    private long counted;

    private readonly record struct Event(long At, int Tokens, int Bytes);

    public ChatOutcome Outcome { get; private set; } = ChatOutcome.Failed;

    /// <summary>For a failure: the HTTP status and the server's code, or what was wrong with the stream. Never any content.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether the server refused it for being longer than the model's context.</summary>
    public bool IsTooLong => Failure?.Contains("context_length", StringComparison.Ordinal) == true;

    /// <summary>When the request was handed to the HTTP client; timestamps are the <see cref="TimeProvider"/>'s.</summary>
    public long SentAt { get; set; }

    /// <summary>When the last byte came, or the client left.</summary>
    public long EndedAt { get; private set; }

    /// <summary>When the first token came; null when none did.</summary>
    public long? FirstTokenAt => events.Count > 0 ? events[0].At : null;

    public int? PromptTokens { get; private set; }

    /// <summary>The answer's tokens: the server's count where it gave one, else those that were counted.</summary>
    public int OutputTokens => usage ?? (int)counted;

    /// <summary>Tokens seen so far.</summary>
    public long Counted => counted;

    private int? usage;

    /// <summary>Events with tokens that came in the same read as the one before them.</summary>
    public int EventsTogether => Waits.Count(wait => wait.From == wait.To);

    /// <summary>From one event with tokens to the next, as timestamps.</summary>
    public IEnumerable<(long From, long To)> Waits => events.Zip(events.Skip(1), (first, second) => (first.At, second.At));

    /// <summary>The same, each with the tokens that the second event brought; and the wait that was under way when the client left, or a stall would not count.</summary>
    public IEnumerable<(long From, long To, int Tokens)> TokenWaits => events.Zip(events.Skip(1), (first, second) => (first.At, second.At, second.Tokens))
        .Concat(Outcome == ChatOutcome.Cancelled && events.Count > 0 ? [(events[^1].At, EndedAt, 1)] : []);

    public void Add(in ChatChunk chunk, long at)
    {
        PromptTokens = chunk.PromptTokens ?? PromptTokens;
        usage = chunk.CompletionTokens ?? usage;
        var tokens = chunk.LogProbTokens ?? (chunk.TextBytes > 0 ? 1 : 0);
        if (tokens > 0)
        {
            counted += tokens;
            events.Add(new Event(at, tokens, chunk.TextBytes));
        }
    }

    public void Complete(long at) => (Outcome, EndedAt) = (ChatOutcome.Ok, at);

    public void Leave(long at) => (Outcome, EndedAt) = (ChatOutcome.Cancelled, at);

    public void Fail(string failure, long at) => (Outcome, Failure, EndedAt) = (ChatOutcome.Failed, failure, at);

    /// <summary>Times between consecutive tokens, in milliseconds. The wait for the first token is not one of them; tokens of one event are 0 apart.</summary>
    public float[] GapsMs(TimeProvider time)
    {
        var extra = Math.Max(0, (usage ?? 0) - counted);
        var bytes = Math.Max(1, events.Sum(item => (long)item.Bytes));
        var gaps = new List<float>((int)(counted + extra));
        long bytesBefore = 0;
        long extraBefore = 0;
        for (var i = 0; i < events.Count; i++)
        {
            bytesBefore += events[i].Bytes;
            var extraUntilHere = extra * bytesBefore / bytes;
            var tokens = events[i].Tokens + extraUntilHere - extraBefore;
            extraBefore = extraUntilHere;
            if (i > 0)
            {
                gaps.Add((float)time.GetElapsedTime(events[i - 1].At, events[i].At).TotalMilliseconds);
            }

            gaps.AddRange(Enumerable.Repeat(0f, (int)tokens - 1));
        }

        return [.. gaps];
    }
}
