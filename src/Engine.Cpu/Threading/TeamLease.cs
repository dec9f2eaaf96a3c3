namespace Penstock.Engine.Cpu.Threading;

/// <summary>
/// A runner's share in the threads of the process. Runners that want the same number of threads share one team, and of all
/// that want more than one only one computes at a time, in the order of asking: two teams on the same cores would keep each
/// other waiting at every phase. Who wants one thread computes on its caller's and waits for nobody.
/// </summary>
internal sealed class TeamLease : IDisposable
{
    // Cores belong to the process, and so do these.
    private static readonly FairGate Cores = new();
    private static readonly Lock Sync = new();
    private static readonly Dictionary<(int Size, string Affinity), (ThreadTeam Team, int Leases)> Teams = [];
    private readonly (int Size, string Affinity) key;
    private readonly int? callersProcessor;
    private bool disposed;

    private TeamLease(ThreadTeam team, (int Size, string Affinity) key, int? callersProcessor) => (Team, this.key, this.callersProcessor) = (team, key, callersProcessor);

    /// <summary>The threads; to be used between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    public ThreadTeam Team { get; }

    /// <param name="size">Threads, the caller included.</param>
    /// <param name="affinity">Processors on which they are kept, one each; empty or null = where the system puts them.</param>
    /// <exception cref="Penstock.Contracts.Errors.PenstockException">They cannot be kept there.</exception>
    public static TeamLease Take(int size, IReadOnlyList<int>? affinity = null)
    {
        ProcessorAffinity.Check(affinity ?? [], size);
        var wanted = (size, string.Join(',', affinity ?? []));
        lock (Sync)
        {
            var (team, leases) = Teams.TryGetValue(wanted, out var known) ? known : (new ThreadTeam(size, affinity: affinity), 0);
            Teams[wanted] = (team, leases + 1);
            return new TeamLease(team, wanted, affinity is { Count: > 0 } ? affinity[0] : null);
        }
    }

    /// <summary>Waits for this runner's turn, and begins its step. The first call keeps the calling thread on its processor for good: it belongs to an engine.</summary>
    public void Enter()
    {
        if (callersProcessor is { } processor)
            ProcessorAffinity.Pin(processor);
        if (Team.Size == 1)
            return;
        Cores.Enter();
        Team.BeginStep();
    }

    public void Exit()
    {
        if (Team.Size == 1)
            return;
        Team.EndStep();
        Cores.Exit();
    }

    /// <summary>Gives the share back; the last one ends the threads. Not between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    public void Dispose()
    {
        lock (Sync)
        {
            if (disposed)
                return;

            disposed = true;
            var (team, leases) = Teams[key];
            if (leases > 1)
            {
                Teams[key] = (team, leases - 1);
                return;
            }

            Teams.Remove(key);
            team.Dispose();
        }
    }
}
