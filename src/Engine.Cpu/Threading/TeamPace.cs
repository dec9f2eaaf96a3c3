namespace Penstock.Engine.Cpu.Threading;

/// <summary>
/// How many threads of a team compute. A thread that the system has put aside with an item in hand keeps all others waiting; where that takes a good
/// part of a step, others use the cores, and a team with one thread less is faster. The team tries again later, each time that it was too early
/// twice as late. Not thread-safe.
/// </summary>
/// <param name="size">Threads of the team.</param>
internal sealed class TeamPace(int size)
{
    /// <summary>Steps without a wait before a thread comes back, at first.</summary>
    public const int FirstPatience = 8;

    /// <summary>The same, at most: beside a neighbour that stays, one late step in so many.</summary>
    public const int MostPatience = 1024;

    // A thread that is merely slower than the others is waited for less; one without a core for a time slice, which is a millisecond at least.
    private const double LateShare = 0.2;
    private static readonly TimeSpan LateWait = TimeSpan.FromMilliseconds(0.5);

    private int missing;
    private int patience = FirstPatience;
    private int steps;

    /// <summary>Threads that compute, the caller included: 1 to the team's size.</summary>
    public int Active => size - missing;

    /// <summary>Takes note of a step.</summary>
    /// <param name="duration">Its duration.</param>
    /// <param name="waited">Time in which the caller slept and waited for other threads' last items.</param>
    public void Record(TimeSpan duration, TimeSpan waited)
    {
        steps++;
        if (waited >= LateWait && waited >= LateShare * duration)
        {
            patience = steps <= patience ? Math.Min(2 * patience, MostPatience) : FirstPatience;
            (missing, steps) = (Math.Min(missing + 1, size - 1), 0);
        }
        else if (missing > 0 && steps >= patience)
        {
            (missing, steps) = (missing - 1, 0);
        }
    }
}
