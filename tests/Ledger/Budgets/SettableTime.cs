namespace Penstock.Ledger.Tests.Budgets;

/// <summary>Time that stands still until the test moves it.</summary>
public sealed class SettableTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
