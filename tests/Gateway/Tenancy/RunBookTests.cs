using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Prices;

namespace Penstock.Gateway.Tests.Tenancy;

public sealed class RunBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Enter_BeyondTokens_CountsWhatIsUnderWayAtItsWorst()
    {
        var book = Book(new RunLimits(null, 100, null, null));
        var first = Enter(book, 60);

        Assert.Equal("tokens", Refused(book, 50));
        first.Settle(10);
        first.Settle(10);
        var second = Enter(book, 90);
        Assert.Equal((false, true), (first.Continues, second.Continues));
        Assert.Equal("tokens", Refused(book, 1));
        second.Withdraw();
        Enter(book, 90);
    }

    [Fact]
    public void Enter_AfterTheWallTime_IsRefused()
    {
        var book = Book(new RunLimits(null, null, null, TimeSpan.FromMinutes(1)));
        Enter(book, 1);
        Enter(book, 1, now: Noon.AddMinutes(1));
        Assert.Equal("seconds", Refused(book, 1, now: Noon.AddMinutes(1).AddTicks(1)));
    }

    [Fact]
    public void Enter_BelowParents_CountsTheDepth()
    {
        var book = Book(new RunLimits(null, null, 3, null));
        Enter(book, 1, id: "req_1", step: "plan");
        Enter(book, 1, id: "req_2", parent: "plan");
        Enter(book, 1, id: "req_3", parent: "req_2");
        Assert.Equal("depth", Refused(book, 1, id: "req_4", parent: "req_3"));
        Enter(book, 1, id: "req_5", parent: "req_1");
    }

    [Fact]
    public void RunsOf_ATenantBelow_AreThoseOfTheNearestAbove()
    {
        var limits = new RunLimits(1, null, null, null);
        TenantOptions[] tenants = [new TenantOptions("org") { Runs = limits }, new TenantOptions("team") { Parent = "org" }, new TenantOptions("free")];
        var rules = new SpendingRules(BudgetTree.Empty, PriceBook.Empty, tenants);

        Assert.Equal((limits, limits, null, null), (rules.RunsOf("org"), rules.RunsOf("team"), rules.RunsOf("free"), rules.RunsOf("unknown")));
    }

    [Fact]
    public void Enter_OfMoreRunsThanFit_ForgetsTheIdleOnes()
    {
        var book = Book(new RunLimits(1, null, null, null));
        Enter(book, 1, run: "busy");
        for (var i = 0; i < 200_000; i++)
        {
            Enter(book, 1, run: $"run-{i}", now: Noon.AddTicks(i)).Settle(1);
        }

        Assert.Equal("calls", Refused(book, 1, run: "busy"));
        Assert.Equal("calls", Refused(book, 1, run: "run-199999"));
        Enter(book, 1, run: "run-0");
    }

    [Fact]
    public async Task Enter_OfARunFromBeforeARestart_GoesOnFromItsRecords()
    {
        var limits = new RunLimits(3, 100, null, TimeSpan.FromHours(1));
        var book = new RunBook(new RecordedRun("old", new(Noon.AddMinutes(-10), 2, 90)));

        Assert.Equal("tokens", (await book.EnterAsync(limits, Request("old", "acme", "req_0", null, null), 11, Noon)).Error?.Budget?.Unit);
        Assert.True((await book.EnterAsync(limits, Request("old", "acme", "req_0", null, null), 10, Noon)).Value?.Continues);
        Assert.Equal("calls", (await book.EnterAsync(limits, Request("old", "acme", "req_1", null, null), 1, Noon)).Error?.Budget?.Unit);
        Assert.False((await book.EnterAsync(limits, Request("new", "acme", "req_2", null, null), 1, Noon)).Value?.Continues);
    }

    private sealed record LimitedBook(RunLimits Limits)
    {
        public RunBook Runs { get; } = new();
    }

    private static LimitedBook Book(RunLimits limits) => new(limits);

    private static RunCall Enter(LimitedBook book, long tokens, string run = "run", string tenant = "acme", string id = "req_0", string? parent = null, string? step = null, DateTimeOffset? now = null) =>
        book.Runs.Enter(book.Limits, Request(run, tenant, id, parent, step), tokens, now ?? Noon).OrThrow();

    private static string Refused(LimitedBook book, long tokens, string run = "run", string tenant = "acme", string id = "req_0", string? parent = null, DateTimeOffset? now = null)
    {
        var error = book.Runs.Enter(book.Limits, Request(run, tenant, id, parent, null), tokens, now ?? Noon).Error!;
        Assert.Equal((ErrorCode.RunLimitReached, run, "run"), (error.Code, error.Budget!.Node, error.Budget.Window));
        return error.Budget.Unit;
    }

    private sealed class RecordedRun(string run, RunTotals totals) : IRunHistory
    {
        public ValueTask<RunTotals?> FindRunAsync(string tenant, string runId) => ValueTask.FromResult(runId == run ? totals : null);
    }

    private static InferenceRequest Request(string run, string tenant, string id, string? parent, string? step) =>
        new() { RequestId = id, Tenant = tenant, Kind = RequestKind.Chat, Model = "m", RunId = run, ParentId = parent, Step = step };
}
