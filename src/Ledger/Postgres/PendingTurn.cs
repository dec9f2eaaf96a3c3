using Penstock.Ledger.Budgets;

namespace Penstock.Ledger.Postgres;

/// <summary>What somebody asks of the budgets, waiting for their turn.</summary>
internal abstract class PendingTurn
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the turn is committed; faults when it is not, or when this entry is absurd.</summary>
    public Task Done => done.Task;

    /// <summary>What is wrong with this entry alone.</summary>
    public Exception? Fault { get; set; }

    public void Complete(Exception? failed = null)
    {
        if ((Fault ?? failed) is { } fault)
        {
            done.SetException(fault);
        }
        else
        {
            done.SetResult();
        }
    }
}

/// <summary>A request wants to be let in.</summary>
internal sealed class PendingClaim(BudgetClaim claim) : PendingTurn
{
    public BudgetClaim Claim => claim;

    public BudgetRefusal? Refusal { get; set; }
}

/// <summary>A request has ended.</summary>
internal sealed class PendingSettlement(string id, Spend actual) : PendingTurn
{
    public string Id => id;

    public Spend Actual => actual;
}

/// <summary>What nobody will settle is to be settled.</summary>
internal sealed class PendingRecovery : PendingTurn
{
    public int Recovered { get; set; }
}

/// <summary>Somebody looks.</summary>
internal sealed class PendingReading(string node) : PendingTurn
{
    public string Node => node;

    public IReadOnlyList<BudgetUsage> Usage { get; set; } = [];
}
