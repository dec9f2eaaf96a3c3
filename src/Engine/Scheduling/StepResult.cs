using System.Runtime.InteropServices;
using Penstock.Engine.Running;

namespace Penstock.Engine.Scheduling;

/// <summary>How a planned step went: the runner's outcome and, when it completed, one decision for each token sampled. Reused from step to step.</summary>
public sealed class StepResult
{
    private readonly List<ChoiceDecision> decisions = [];

    public StepOutcome Outcome { get; private set; }

    /// <summary>What the step took, from its plan to its decisions; zero = not measured. The cost model learns from it.</summary>
    public TimeSpan Duration { get; set; }

    public ReadOnlySpan<ChoiceDecision> Decisions => CollectionsMarshal.AsSpan(decisions);

    /// <summary>Starts the account of another step.</summary>
    public void Begin(StepOutcome outcome)
    {
        decisions.Clear();
        (Outcome, Duration) = (outcome, TimeSpan.Zero);
    }

    /// <summary>The choice goes on with this token.</summary>
    public void Continue(SequenceGroup group, int choice, int token) => decisions.Add(new ChoiceDecision(group, choice, token, Ends: false));

    /// <summary>The choice goes on with another token behind that of <see cref="Continue"/>: it is known without being sampled, and the next step computes both.</summary>
    public void Append(SequenceGroup group, int choice, int token) => decisions.Add(new ChoiceDecision(group, choice, token, Ends: false, Follows: true));

    /// <summary>The choice has ended.</summary>
    public void End(SequenceGroup group, int choice) => decisions.Add(new ChoiceDecision(group, choice, 0, Ends: true));
}
