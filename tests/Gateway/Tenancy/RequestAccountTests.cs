using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger.Prices;

namespace Penstock.Gateway.Tests.Tenancy;

public sealed class RequestAccountTests
{
    private static readonly PriceBook Prices = new([Entry("small", "near", 1), Entry("large", "far", 10), Entry("unused", null, 100)]);
    private static readonly TokenCounts Tokens = new() { Prompt = 1_000_000, Prefilled = 1_000_000 };

    [Fact]
    public void Charge_WhenAFallbackAnswered_IsItsPrice()
    {
        var quotes = Quotes([Target("small", "near"), Target("large", "far")]);
        var account = new RequestAccount("req", quotes, null, null, Task.CompletedTask);

        AttemptRecord[] attempts = [Attempt(1, "near", "small") with { Prompt = 0 }, Attempt(2, "far", "large")];
        var record = account.Charge(Record(Tokens) with { Attempts = attempts }, Summary(attempts));

        Assert.Equal((10m, false), (record.CostUsd, record.CostEstimated));
        Assert.Equal([null, 10m], record.Attempts.Select(attempt => attempt.CostUsd));
        Assert.Equal(10m, quotes.AtMost(1_000_000, 0));
        Assert.Null(quotes.Unpriced);
    }

    [Fact]
    public void Charge_WhenTheFirstHadReadItsPromptToo_IsWhatBothCost()
    {
        AttemptRecord[] attempts = [Attempt(1, "near", "small"), Attempt(2, "far", "large")];
        var account = new RequestAccount("req", Quotes([Target("small", "near"), Target("large", "far")]), null, null, Task.CompletedTask);

        Assert.Equal(11m, account.Charge(Record(Tokens) with { Attempts = attempts }, Summary(attempts)).CostUsd);
    }

    [Fact]
    public void Charge_WhenTheFirstHasNoPrice_IsAnEstimateOfWhatIsKnown()
    {
        AttemptRecord[] attempts = [Attempt(1, "near", "free"), Attempt(2, "far", "large")];
        var account = new RequestAccount("req", Quotes([Target("free", "near"), Target("large", "far")]), null, null, Task.CompletedTask);
        var record = account.Charge(Record(Tokens) with { Attempts = attempts }, Summary(attempts));

        Assert.Equal((10m, true), (record.CostUsd, record.CostEstimated));
    }

    [Fact]
    public void Charge_WithoutAPriceOfWhoAnswered_IsNull()
    {
        var quotes = Quotes([Target("small", "near"), Target("free", "far")]);
        var account = new RequestAccount("req", quotes, null, null, Task.CompletedTask);

        AttemptRecord[] attempts = [Attempt(1, "far", "free")];
        Assert.Null(account.Charge(Record(Tokens) with { Attempts = attempts }, Summary(attempts)).CostUsd);
        Assert.Equal("free", quotes.Unpriced?.Name);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Charge_OfCountsThatAreEstimates_IsAnEstimate(bool counts, bool cost) =>
        Assert.Equal(cost, Account().Charge(Record(Tokens), Summary([]) with { TokensEstimated = counts }).CostEstimated);

    [Fact]
    public void Charge_OfWhatWasNotRun_IsNull()
    {
        Assert.Null(Account().Charge(Record(new TokenCounts { Prompt = 5, NotReached = 5 }), null).CostUsd);
        Assert.Null(Account().Charge(Record(new TokenCounts { Prompt = 5, NotReached = 5 }) with { FinishReason = FinishReason.Refused }, Summary([])).CostUsd);
    }

    private static RequestAccount Account() => new("req", Quotes([]), null, null, Task.CompletedTask);

    private static PriceQuotes Quotes(IReadOnlyList<TargetDescription> candidates) =>
        new(Target("small", "near"), candidates, target => Prices.Find(target.Owner, target.Name, DateTimeOffset.UnixEpoch, ServiceClass.Standard));

    private static PriceEntry Entry(string model, string? target, decimal input) => new(model, target, DateTimeOffset.MinValue, new(input, null, null, null, null));

    private static TargetDescription Target(string name, string owner) => new() { Name = name, Owner = owner, ContextLength = 1, Since = DateTimeOffset.UnixEpoch };

    private static AttemptRecord Attempt(int number, string target, string model) => new()
    {
        Number = number,
        Target = target,
        Model = model,
        AnsweredModel = $"{model}-2026-01-01",
        Reason = "first",
        StartedAt = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.Zero,
        Prompt = Tokens.Prefilled,
        Outcome = AttemptOutcome.Answered,
    };

    private static GenerationSummary Summary(IReadOnlyList<AttemptRecord> attempts) =>
        new() { Tokens = Tokens, Attempts = attempts, Accounts = [.. attempts.Select(_ => Account(Tokens))], FinishReason = FinishReason.Stop, FinishCause = FinishCause.Model, FinishPhase = RequestPhase.Decode };

    private static GenerationSummary Account(TokenCounts tokens) =>
        new() { Tokens = tokens, FinishReason = FinishReason.Stop, FinishCause = FinishCause.Model, FinishPhase = RequestPhase.Decode };

    private static RequestRecord Record(TokenCounts tokens) => new()
    {
        RequestId = "req",
        State = RecordState.Finished,
        ReceivedAt = DateTimeOffset.UnixEpoch,
        Tenant = "acme",
        Kind = RequestKind.Chat,
        Model = "route",
        Target = "near/small",
        Tokens = tokens,
        FinishReason = FinishReason.Stop,
    };
}
