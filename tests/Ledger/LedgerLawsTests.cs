using FsCheck;
using FsCheck.Fluent;
using Penstock.Contracts.Records;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests;

public class LedgerLawsTests
{
    /// <summary>Each change makes a lawful record of a served request break exactly the law that is named, whatever the record.</summary>
    public static TheoryData<string, Func<RequestRecord, RequestRecord>> Mutations => new()
    {
        { "prompt_adds_up", r => r with { Tokens = r.Tokens with { Prompt = r.Tokens.Prompt + 1 } } },
        { "prompt_adds_up", r => r with { Tokens = r.Tokens with { NotReached = r.Tokens.NotReached + 1 } } },
        { "sampled_adds_up", r => r with { Tokens = r.Tokens with { DiscardedTrimmed = r.Tokens.DiscardedTrimmed + 1 } } },
        { "sampled_adds_up", r => r with { Tokens = r.Tokens with { HiddenReasoning = int.MaxValue } } },
        { "drafted_adds_up", r => r with { Tokens = r.Tokens with { Rejected = r.Tokens.Rejected + 1 } } },
        { "phases_sum_to_wall_time", r => r with { WallTime = r.WallTime + TimeSpan.FromMilliseconds(2) } },
        { "phases_sum_to_wall_time", r => r with { Phases = r.Phases with { Schedule = r.Phases.Schedule + TimeSpan.FromMilliseconds(2) } } },
        { "counts_not_negative", r => r with { CostUsd = -1 } },
        { "counts_not_negative", r => r with { Tokens = r.Tokens with { Drafted = -1, Accepted = -1, Rejected = 0 } } },
        { "durations_not_negative", r => r with { LargestGap = TimeSpan.FromTicks(-1), Tokens = TwoMoreSampled(r.Tokens) } },
        { "at_least_one_choice", r => r with { Choices = 0 } },
        { "is_identified", r => r with { Tenant = "" } },
        { "end_is_explained", r => r with { FinishPhase = null } },
        { "end_is_explained", r => r with { FinishedAt = null } },
        { "failure_has_code", r => r with { FinishReason = FinishReason.Error, ErrorCode = null } },
        { "refused_did_nothing", r => r with { FinishReason = FinishReason.Refused, ErrorCode = "queue_full", Tokens = TwoMoreSampled(r.Tokens) } },
        { "first_token_within_wall_time", r => r with { TimeToFirstToken = r.WallTime + TimeSpan.FromMilliseconds(2), Tokens = TwoMoreSampled(r.Tokens) } },
        { "first_token_was_delivered", r => r with { TimeToFirstToken = TimeSpan.Zero, LargestGap = null, Tokens = new TokenCounts() } },
        { "gap_needs_two_tokens", r => r with { TimeToFirstToken = null, LargestGap = TimeSpan.Zero, Tokens = new TokenCounts { Sampled = 1, DiscardedCancelled = 1 } } },
        { "attempts_add_up", r => r with { Attempts = [Attempt(r) with { Produced = 1 }] } },
        { "attempts_cost_adds_up", r => r with { Attempts = [Attempt(r) with { CostUsd = (r.CostUsd ?? 0) + 1 }] } },
        { "missing_price_is_null", r => r with { CostUsd = 0, Tokens = TwoMoreSampled(r.Tokens) } },
        { "unfinished_claims_nothing", r => r with { State = RecordState.Interrupted } },
        { "unfinished_claims_nothing", r => r with { State = RecordState.Admitted } },
    };

    [Fact]
    public void Check_AnyLawfulRecord_FindsNothing() =>
        Prop.ForAll(LawfulRecords.Any, record => LedgerLaws.Check(record).Count == 0).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Mutations), DisableDiscoveryEnumeration = true)]
    public void Check_OneMutation_NamesThatLawAndNoOther(string law, Func<RequestRecord, RequestRecord> mutate) =>
        Prop.ForAll(LawfulRecords.Served, record => LedgerLaws.Check(mutate(record)).Select(violation => violation.Law).SequenceEqual([law])).QuickCheckThrowOnFailure();

    [Fact]
    public void Mutations_Together_CoverEveryLaw() =>
        Assert.Equal(LedgerLaws.Names.Order(), Mutations.Select(row => row.Data.Item1).Distinct().Order());

    [Fact]
    public void Check_ClockResolution_IsForgiven()
    {
        var record = Records.Finished("req_1");

        Assert.Empty(LedgerLaws.Check(record with { WallTime = record.WallTime + LedgerLaws.ClockTolerance }));
        Assert.NotEmpty(LedgerLaws.Check(record with { WallTime = record.WallTime + LedgerLaws.ClockTolerance + TimeSpan.FromTicks(1) }));
    }

    // The one call that read and produced all that was spent.
    private static AttemptRecord Attempt(RequestRecord r) => new()
    {
        Number = 1,
        Target = "far",
        Model = "large",
        Reason = "first",
        StartedAt = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.Zero,
        Outcome = AttemptOutcome.Answered,
        Prompt = r.Tokens.Cached + r.Tokens.Prefilled + r.Tokens.Sampled + r.ExtraTokens,
        CostUsd = r.CostUsd,
    };

    private static TokenCounts TwoMoreSampled(TokenCounts tokens) => tokens with
    {
        Sampled = tokens.Sampled + 2,
        DeliveredVisible = tokens.DeliveredVisible + 2,
    };
}
