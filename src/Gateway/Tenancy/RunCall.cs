namespace Penstock.Gateway.Tenancy;

/// <summary>A call of an agent run that was let in. Ends once, with one of its methods.</summary>
public sealed class RunCall
{
    private readonly RunBook book;
    private readonly RunState run;
    private readonly long reserved;
    private bool ended;

    internal RunCall(RunBook book, RunState run, long reserved, bool continues)
    {
        this.book = book;
        this.run = run;
        this.reserved = reserved;
        Continues = continues;
    }

    /// <summary>Whether a call of the same run was let in before.</summary>
    public bool Continues { get; }

    /// <summary>It has ended, having used so many tokens.</summary>
    public void Settle(long tokens) => End(tokens, calls: 0);

    /// <summary>It was not run after all, and does not count.</summary>
    public void Withdraw() => End(0, calls: -1);

    private void End(long tokens, int calls)
    {
        if (!ended)
        {
            ended = true;
            book.End(run, reserved, tokens, calls);
        }
    }
}
