namespace Penstock.Constraints;

/// <summary>The time that one compile may take, shared by everything that works on it. Asked often: a look at the clock each time.</summary>
public sealed class ConstraintDeadline(TimeProvider time, TimeSpan budget)
{
    private readonly long started = time.GetTimestamp();

    /// <exception cref="ConstraintLimitException">The budget is spent.</exception>
    public void ThrowIfPassed()
    {
        if (time.GetElapsedTime(started) > budget)
            throw new ConstraintLimitException(ConstraintBound.Time, $"Compiling takes longer than {budget.TotalSeconds:0.###} s; simplify the constraint.");
    }
}
