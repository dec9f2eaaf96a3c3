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
    private static readonly Dictionary<int, (ThreadTeam Team, int Leases)> Teams = [];
    private bool disposed;

    private TeamLease(ThreadTeam team) => Team = team;

    /// <summary>The threads; to be used between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    public ThreadTeam Team { get; }

    /// <param name="size">Threads, the caller included.</param>
    public static TeamLease Take(int size)
    {
        lock (Sync)
        {
            var (team, leases) = Teams.TryGetValue(size, out var known) ? known : (new ThreadTeam(size), 0);
            Teams[size] = (team, leases + 1);
            return new TeamLease(team);
        }
    }

    /// <summary>Waits for this runner's turn, and begins its step.</summary>
    public void Enter()
    {
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
            var (team, leases) = Teams[Team.Size];
            if (leases > 1)
            {
                Teams[Team.Size] = (team, leases - 1);
                return;
            }

            Teams.Remove(Team.Size);
            team.Dispose();
        }
    }
}
