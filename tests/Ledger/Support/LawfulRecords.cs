using FsCheck;
using FsCheck.Fluent;
using Penstock.Contracts.Records;

namespace Penstock.Ledger.Tests.Support;

/// <summary>Generates records that keep every law, in every state and with every way to end.</summary>
internal static class LawfulRecords
{
    private static readonly Gen<int> Count = Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 20), Gen.Choose(0, 100_000));
    private static readonly Gen<TimeSpan> Duration = Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 100), Gen.Choose(0, int.MaxValue)).Select(ticks => TimeSpan.FromTicks(ticks));

    /// <summary>Finished, and not refused: any token may have been sampled.</summary>
    public static Arbitrary<RequestRecord> Served { get; } = Arb.From(Finished(Enum.GetValues<FinishReason>().Except([FinishReason.Refused])));

    public static Arbitrary<RequestRecord> Any { get; } = Arb.From(Gen.OneOf(Finished(Enum.GetValues<FinishReason>()), Unfinished(RecordState.Admitted), Unfinished(RecordState.Interrupted)));

    private static Gen<RequestRecord> Unfinished(RecordState state) =>
        Count.Select(prompt => Records.Admitted("req_1") with { State = state, Tokens = new TokenCounts { Prompt = prompt } });

    private static Gen<RequestRecord> Finished(IEnumerable<FinishReason> reasons) =>
        from counts in Count.ArrayOf(10)
        from phases in Duration.ArrayOf(9)
        from reason in Gen.Elements(reasons)
        from cause in Gen.Elements(Enum.GetValues<FinishCause>())
        from phase in Gen.Elements(Enum.GetValues<RequestPhase>())
        from skew in Gen.Choose(-9_000, 9_000)
        from cost in Gen.Elements<decimal?>(null, 0.25m)
        select Make(counts, phases, reason, cause, phase, skew, cost);

    private static RequestRecord Make(int[] counts, TimeSpan[] phases, FinishReason reason, FinishCause cause, RequestPhase phase, int skewTicks, decimal? cost)
    {
        var refused = reason == FinishReason.Refused;
        var tokens = refused
            ? new TokenCounts { Prompt = counts[0], NotReached = counts[0] }
            : new TokenCounts
            {
                Prompt = counts[0] + counts[1] + counts[2],
                Cached = counts[0],
                Prefilled = counts[1],
                NotReached = counts[2],
                Sampled = counts[3] + counts[4] + counts[5] + counts[6] + counts[7],
                DeliveredVisible = counts[3],
                HiddenReasoning = counts[4],
                DiscardedCancelled = counts[5],
                DiscardedDisconnected = counts[6],
                DiscardedTrimmed = counts[7],
                Drafted = counts[8] + counts[9],
                Accepted = counts[8],
                Rejected = counts[9],
            };
        var durations = new PhaseDurations
        {
            Receive = phases[0],
            Authorize = phases[1],
            Route = phases[2],
            Admit = phases[3],
            Schedule = phases[4],
            Prefill = phases[5],
            Decode = phases[6],
            Deliver = phases[7],
            Finish = phases[8],
        };
        var wall = TimeSpan.FromTicks(Math.Max(0, durations.Total.Ticks + skewTicks));
        return Records.Finished("req_1") with
        {
            Tokens = tokens,
            Phases = durations,
            WallTime = durations.Total.Ticks + skewTicks < 0 ? durations.Total : wall,
            TimeToFirstToken = tokens.DeliveredVisible > 0 ? phases[0] : null,
            LargestGap = tokens.Sampled > 1 ? phases[6] : null,
            FinishReason = reason,
            FinishCause = cause,
            FinishPhase = phase,
            ErrorCode = reason is FinishReason.Error or FinishReason.Refused ? "internal_error" : null,
            CostUsd = refused ? null : cost,
        };
    }
}
