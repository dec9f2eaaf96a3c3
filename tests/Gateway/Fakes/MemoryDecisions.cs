using Penstock.Ledger;
using Penstock.Ledger.Decisions;

namespace Penstock.Gateway.Tests.Fakes;

/// <summary>Decisions in memory, with a place to stop or to fail before every call.</summary>
internal sealed class MemoryDecisions : IDecisionStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = [];
    private long last;

    /// <summary>Awaited before a call, by its name; what it throws, the call throws.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Segments that were stored before their answer was decided.</summary>
    public int Appended { get; private set; }

    public int Decided
    {
        get
        {
            lock (gate)
            {
                return entries.Values.Count(entry => entry.Decision is not null);
            }
        }
    }

    public int Claimed
    {
        get
        {
            lock (gate)
            {
                return entries.Values.Count(entry => entry.Decision is null);
            }
        }
    }

    public static LedgerException Full() => new(LedgerFault.Full, "The store is full.");

    public async ValueTask<DecisionClaim> ClaimAsync(DecisionKey key)
    {
        await Before("claim");
        lock (gate)
        {
            if (!entries.TryGetValue(key.Id, out var entry))
            {
                entries.Add(key.Id, new(++last, key.Body));
                return new(ClaimState.Granted, last);
            }

            return entry.Body != key.Body ? new(ClaimState.OtherBody)
                : entry.Decision is null ? new(ClaimState.Held, entry.Claim)
                : new(ClaimState.Decided, entry.Claim, entry.Decision);
        }
    }

    public async ValueTask<bool> AppendAsync(long claim, int segment, ReadOnlyMemory<byte> chunks)
    {
        await Before("append");
        lock (gate)
        {
            if (Find(claim) is not { Decision: null } entry)
            {
                return false;
            }

            Appended++;
            entry.Segments[segment] = chunks;
            return true;
        }
    }

    public async ValueTask<bool> DecideAsync(long claim, Decision decision, ReadOnlyMemory<byte> last)
    {
        await Before("decide");
        lock (gate)
        {
            if (Find(claim) is not { } entry)
            {
                return false;
            }

            entry.Segments[decision.Segments - 1] = last;
            entry.Decision ??= decision;
            return true;
        }
    }

    public async ValueTask ReleaseAsync(long claim)
    {
        try
        {
            await Before("release");
        }
        finally
        {
            // A store that fails here does it later.
            Forget(claim);
        }
    }

    /// <summary>What another gateway does that takes a claim for a dead one's.</summary>
    public void Forget(long claim)
    {
        lock (gate)
        {
            foreach (var (id, _) in entries.Where(pair => pair.Value.Claim == claim && pair.Value.Decision is null).ToList())
            {
                entries.Remove(id);
            }
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(long claim, int segment)
    {
        await Before("read");
        lock (gate)
        {
            return Find(claim)?.Segments.TryGetValue(segment, out var bytes) == true ? bytes : (ReadOnlyMemory<byte>?)null;
        }
    }

    public async ValueTask<int> TendAsync()
    {
        await Before("tend");
        return 0;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Entry? Find(long claim) => entries.Values.FirstOrDefault(entry => entry.Claim == claim);

    private sealed class Entry(long claim, string body)
    {
        public long Claim => claim;

        public string Body => body;

        public Decision? Decision { get; set; }

        public Dictionary<int, ReadOnlyMemory<byte>> Segments { get; } = [];
    }
}
