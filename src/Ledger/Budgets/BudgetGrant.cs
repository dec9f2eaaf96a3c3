namespace Penstock.Ledger.Budgets;

/// <summary>The answer to a claim.</summary>
/// <param name="Refusal">Why it was not granted; null when it was.</param>
/// <param name="Durable">
/// Completes when the reservation is stored, and nothing may be spent before. It faults with a <see cref="LedgerException"/> when it cannot be; the claim is then undone.
/// Apart from the decision, so that the reservation can travel to the disk together with what else a request has to store.
/// </param>
public readonly record struct BudgetGrant(BudgetRefusal? Refusal, Task Durable);
