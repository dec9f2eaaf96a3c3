namespace Penstock.Constraints.Json.Formulas;

/// <summary>What one compilation may still spend: steps of work and time.</summary>
internal sealed class CompileBudget(ConstraintLimits limits, ConstraintDeadline deadline)
{
    // The clock is read once for so many steps: a step takes a microsecond or, where it makes terms and automata, a hundred; a look takes 50 nanoseconds.
    private const int StepsPerLook = 32;
    private const int MembersPerStep = 32;

    public ConstraintLimits Limits { get; } = limits;

    /// <summary>Steps that were taken.</summary>
    public int Steps { get; private set; }

    /// <summary>The compile's time; null once the schema is in use, where only steps are counted.</summary>
    public ConstraintDeadline? Deadline { get; set; } = deadline;

    /// <summary>The place of the schema that was worked out when a bound was reached.</summary>
    public string? Place { get; set; }

    /// <summary>Counts a look over a list, of which some members are a step.</summary>
    /// <inheritdoc cref="Charge()"/>
    public void ChargeFor(int members)
    {
        for (var steps = 1 + (members / MembersPerStep); steps > 0; steps--)
        {
            Charge();
        }
    }

    /// <summary>Counts a step of work.</summary>
    /// <exception cref="ConstraintLimitException">Too many, or the time is up.</exception>
    public void Charge()
    {
        WorkBudget.Charge();
        if (++Steps % StepsPerLook != 0)
        {
            return;
        }

        Deadline?.ThrowIfPassed();
        if (Steps > Limits.Steps)
        {
            throw new ConstraintLimitException(
                ConstraintBound.States, $"The schema takes more than {Limits.Steps} steps to work out; simplify it, above all its oneOf, not and if.");
        }
    }
}
