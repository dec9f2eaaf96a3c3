namespace Penstock.Engine.Scheduling;

/// <summary>Bounds of a step.</summary>
/// <param name="StepTokenBudget">Most rows of a step, at most the runner's <c>MaxRows</c>.</param>
/// <param name="MaxSequences">Sequences at a time, at most the runner's <c>MaxSequences</c> and the budget: a group that prefills has not yet used its own, so a row is always left for it.</param>
public readonly record struct SchedulerLimits(int StepTokenBudget, int MaxSequences);
