using System.Runtime.CompilerServices;

namespace Penstock.Constraints;

/// <summary>
/// What one mask, or one move by a token, may cost while a text is generated. It is computed in the model's loop, where every other request waits for it, so a
/// constraint whose states are too many ends its own request and no other's.
/// </summary>
/// <remarks>
/// The count of steps is what normally decides: it does not depend on how busy the machine is. The clock is a backstop for work that the count weighs too low, and is not asked
/// below <see cref="FreeSteps"/>: a thread may be off its processor for long, and that is not the constraint's fault. What was found out before the bound was met is
/// remembered, so the same mask costs less the next time.
/// Whatever makes states charges the budget that is open on its thread, if there is one. One is open at a time; not thread-safe.
/// </remarks>
/// <param name="time">Measures the time.</param>
/// <param name="most">The time that a mask or a move may take once it is past <see cref="FreeSteps"/>.</param>
/// <param name="mostSteps">The steps that it may take however fast they are.</param>
public sealed class WorkBudget(TimeProvider time, TimeSpan most, int mostSteps = WorkBudget.UsualSteps)
{
    /// <summary>
    /// New states, parts of states and steps of searches that a mask or a move may take: some 20 ms, hardly to be seen between two tokens. Most masks take fewer than a thousand.
    /// </summary>
    public const int UsualSteps = 80_000;

    /// <summary>Steps before which the clock is not asked.</summary>
    public const int FreeSteps = 10_000;

    // A step takes a quarter of a microsecond, a look at the clock 30 nanoseconds.
    private const int StepsPerLook = 64;

    [ThreadStatic]
    private static WorkBudget? open;

    private long started;
    private int steps;
    private int lookAt;

    /// <summary>A budget on the system's clock with the usual bounds.</summary>
    public WorkBudget()
        : this(TimeProvider.System, UsualTime)
    {
    }

    /// <summary>200 ms: below what counts as a stall, and far beyond what <see cref="UsualSteps"/> take.</summary>
    public static TimeSpan UsualTime { get; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Counts steps of work.</summary>
    /// <exception cref="ConstraintLimitException">The budget that is open on this thread is spent.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Charge(int steps = 1)
    {
        if (open is { } budget)
            budget.Spend(steps);
    }

    /// <summary>Opens the budget on this thread, whole again, until the scope is left. Within a scope of its own it goes on.</summary>
    internal Scope Open()
    {
        var scope = new Scope(open);
        if (!ReferenceEquals(open, this))
            (open, steps, lookAt, started) = (this, 0, Math.Min(FreeSteps, mostSteps), time.GetTimestamp());

        return scope;
    }

    private void Spend(int more)
    {
        steps += more;
        if (steps < lookAt)
            return;

        lookAt = Math.Min(steps + StepsPerLook, mostSteps);
        if (steps > mostSteps || time.GetElapsedTime(started) > most)
        {
            throw new ConstraintLimitException(
                ConstraintBound.Time, "The constraint has too many states to find the tokens that may come next in time; simplify it, above all alternatives that overlap.");
        }
    }

    /// <summary>While it lasts, the budget is charged.</summary>
    internal readonly ref struct Scope(WorkBudget? before)
    {
        public void Dispose() => open = before;
    }
}
