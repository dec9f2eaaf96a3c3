using System.Globalization;
using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Ledger;

namespace Penstock.Gateway.Tenancy;

/// <summary>
/// The agent runs that call, and what each has used of its limits. In memory, and begun from the ledger's records when a run is not known here: after a
/// restart, or when it was forgotten. Only runs with <see cref="RunLimits"/> are kept. Thread-safe.
/// </summary>
/// <param name="history">The records of earlier calls; null where there are none.</param>
public sealed class RunBook(IRunHistory? history = null)
{
    /// <summary>About 300 bytes each. Beyond it the half that has been idle longest is forgotten, so that invented run names cannot fill the memory.</summary>
    private const int MostRuns = 65_536;

    private readonly Dictionary<(string Tenant, string Run), RunState> runs = [];
    private readonly Lock gate = new();

    /// <summary>As <see cref="Enter"/>, with what the records say of a run that is not known here.</summary>
    public async ValueTask<Outcome<RunCall>> EnterAsync(RunLimits limits, InferenceRequest request, long tokens, DateTimeOffset now)
    {
        if (history is not null && !Knows((request.Tenant, request.RunId!)))
        {
            await RecallAsync(history, (request.Tenant, request.RunId!));
        }

        return Enter(limits, request, tokens, now);
    }

    /// <summary>Lets a call into its run, or says which limit of the run has no room.</summary>
    /// <param name="limits">Those of the run's tenant.</param>
    /// <param name="request">Has a run.</param>
    /// <param name="tokens">The most that it can use.</param>
    /// <param name="now">The time.</param>
    public Outcome<RunCall> Enter(RunLimits limits, InferenceRequest request, long tokens, DateTimeOffset now)
    {
        lock (gate)
        {
            var key = (request.Tenant, request.RunId!);
            var known = runs.TryGetValue(key, out var run);
            run ??= new RunState(now);
            var depth = run.DepthBelow(request.ParentId);
            if (Check(request.RunId!, run, limits, tokens, depth, now) is { } refused)
            {
                return refused;
            }

            if (!known)
            {
                Trim();
                runs.Add(key, run);
            }

            run.Name(request.RequestId, depth);
            run.Name(request.Step, depth);
            var continues = run.Calls > 0;
            run.Calls++;
            run.Running++;
            run.Reserved += tokens;
            run.LastCall = now;
            return new RunCall(this, run, tokens, continues);
        }
    }

    internal void End(RunState run, long reserved, long tokens, int calls)
    {
        lock (gate)
        {
            run.Reserved -= reserved;
            run.Tokens += tokens;
            run.Calls += calls;
            run.Running--;
        }
    }

    private static PenstockError? Check(string name, RunState run, RunLimits limits, long tokens, int depth, DateTimeOffset now) =>
        run.Calls + 1 > limits.Calls ? Refuse(name, "calls", limits.Calls.Value, run.Calls, 0, 1)
        : run.Tokens + run.Reserved + tokens > limits.Tokens ? Refuse(name, "tokens", limits.Tokens.Value, run.Tokens, run.Reserved, tokens)
        : depth > limits.Depth ? Refuse(name, "depth", limits.Depth.Value, 0, 0, depth)
        : now - run.Begun > limits.WallTime ? Refuse(name, "seconds", (decimal)limits.WallTime.Value.TotalSeconds, (decimal)(now - run.Begun).TotalSeconds, 0, 0)
        : null;

    private static PenstockError Refuse(string name, string unit, decimal limit, decimal used, decimal reserved, decimal asked)
    {
        var reservedToo = reserved > 0 ? string.Create(CultureInfo.InvariantCulture, $", {reserved} reserved for calls under way") : "";
        return new PenstockError(
            ErrorCode.RunLimitReached,
            string.Create(CultureInfo.InvariantCulture, $"The run '{name}' may use {limit} {unit}: {used} used{reservedToo}, and this call needs {asked}. End the run, or have its limit raised; trying again does not help."),
            Budget: new BudgetDetail(name, "run", unit, limit, used, reserved, asked, null));
    }

    private bool Knows((string, string) key)
    {
        lock (gate)
        {
            return runs.ContainsKey(key);
        }
    }

    private async ValueTask RecallAsync(IRunHistory records, (string Tenant, string Run) key)
    {
        RunTotals? totals;
        try
        {
            totals = await records.FindRunAsync(key.Tenant, key.Run);
        }
        catch (LedgerException)
        {
            // The admission that follows meets the same store, and says so.
            return;
        }

        lock (gate)
        {
            if (totals is not null && !runs.ContainsKey(key))
            {
                Trim();
                runs.Add(key, new RunState(totals.Begun) { Calls = totals.Calls, Tokens = totals.Tokens });
            }
        }
    }

    private void Trim()
    {
        if (runs.Count < MostRuns)
        {
            return;
        }

        foreach (var (key, _) in runs.Where(entry => entry.Value.Running == 0).OrderBy(entry => entry.Value.LastCall).Take(MostRuns / 2).ToList())
        {
            runs.Remove(key);
        }
    }
}
