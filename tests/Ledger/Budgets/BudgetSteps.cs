using FsCheck;
using FsCheck.Fluent;
using Penstock.Ledger.Budgets;

namespace Penstock.Ledger.Tests.Budgets;

/// <summary>What can happen to a store, in a form that can be generated and shrunk.</summary>
internal static class BudgetSteps
{
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(20);

    /// <summary>Two keys of one team, one of another, limits of every unit and window on the way, and two guarantees.</summary>
    public static BudgetTree Tree { get; } = new(
    [
        new("org", null, [new(BudgetWindow.Hour, BudgetUnit.Tokens, 400), new(BudgetWindow.Month, BudgetUnit.Usd, 900), new(BudgetWindow.Now, BudgetUnit.Concurrency, 9)]),
        new("team", "org", [new(BudgetWindow.Minute, BudgetUnit.Tokens, 90), new(BudgetWindow.Hour, BudgetUnit.Tokens, 300, Guarantee: 100)]),
        new("else", "org", [new(BudgetWindow.Day, BudgetUnit.Requests, 12)]),
        new("key-1", "team", [new(BudgetWindow.Minute, BudgetUnit.Tokens, 70, Guarantee: 20)]),
        new("key-2", "team", []),
        new("key-3", "else", [new(BudgetWindow.Now, BudgetUnit.Concurrency, 3)]),
    ]);

    public static Gen<BudgetStep> Any { get; } = Gen.Frequency(
        (8, from key in Gen.Choose(1, 3) from tokens in Gen.Choose(0, 60) from money in Gen.Choose(0, 150) select new BudgetStep(StepKind.Reserve, key, tokens, money)),
        (7, from which in Gen.Choose(0, 100) from share in Gen.Choose(0, 100) select new BudgetStep(StepKind.Settle, which, share, share)),
        (2, from seconds in Gen.Elements(1, 30, 60, 900, 3600, 86400) select new BudgetStep(StepKind.Wait, seconds, 0, 0)),
        (1, Gen.Constant(new BudgetStep(StepKind.Kill, 0, 0, 0))),
        (1, Gen.Constant(new BudgetStep(StepKind.Recover, 0, 0, 0))),
        (1, Gen.Constant(new BudgetStep(StepKind.Configure, 0, 0, 0))));
}
