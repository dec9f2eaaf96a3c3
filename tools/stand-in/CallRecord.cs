namespace Penstock.Tools.StandIn;

/// <summary>What happened to one call, as the provider sees it.</summary>
public sealed class CallRecord(string path, string model, string body, IReadOnlyDictionary<string, string> headers, string connection)
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int tokens;

    public string Path => path;

    public string Model => model;

    /// <summary>The body as it came.</summary>
    public string Body => body;

    public IReadOnlyDictionary<string, string> Headers => headers;

    /// <summary>Which connection it came over.</summary>
    public string Connection => connection;

    /// <summary>Tokens produced so far.</summary>
    public int Tokens => Volatile.Read(ref tokens);

    /// <summary>Whether the caller left before the end.</summary>
    public bool Aborted { get; private set; }

    /// <summary>Completes when the stand-in knows that the caller has left.</summary>
    public Task Left => left.Task;

    /// <summary>Completes when the call is over.</summary>
    public Task Ended => ended.Task;

    internal void Produce() => Interlocked.Increment(ref tokens);

    internal void Leave() => left.TrySetResult();

    internal void End(bool aborted)
    {
        Aborted = aborted;
        ended.TrySetResult();
    }
}
