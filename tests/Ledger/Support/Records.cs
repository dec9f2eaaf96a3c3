using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;

namespace Penstock.Ledger.Tests.Support;

/// <summary>Lawful records to start from.</summary>
internal static class Records
{
    public static readonly DateTimeOffset Start = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    public static RequestRecord Admitted(string id, string tenant = "local") => new()
    {
        RequestId = id,
        State = RecordState.Admitted,
        ReceivedAt = Start,
        Tenant = tenant,
        ApiKeyId = "key-1",
        Kind = RequestKind.Chat,
        Model = "pebble",
        Target = "engine.cpu",
        RouteReason = "only target",
        Fingerprint = "sha256:0123456789abcdef",
        Stream = true,
        Tokens = new TokenCounts { Prompt = 30 },
    };

    public static RequestRecord Finished(string id, string tenant = "local") => Admitted(id, tenant) with
    {
        State = RecordState.Finished,
        FinishedAt = Start.AddMilliseconds(420),
        Tokens = new TokenCounts
        {
            Prompt = 30,
            Cached = 16,
            Prefilled = 14,
            Sampled = 12,
            DeliveredVisible = 9,
            HiddenReasoning = 2,
            DiscardedTrimmed = 1,
            Drafted = 4,
            Accepted = 3,
            Rejected = 1,
        },
        Phases = new PhaseDurations
        {
            Receive = TimeSpan.FromMilliseconds(1),
            Authorize = TimeSpan.FromTicks(77),
            Route = TimeSpan.FromTicks(23),
            Admit = TimeSpan.FromMilliseconds(2),
            Schedule = TimeSpan.FromMilliseconds(5),
            Prefill = TimeSpan.FromMilliseconds(40),
            Decode = TimeSpan.FromMilliseconds(360),
            Deliver = TimeSpan.FromMilliseconds(10),
            Finish = TimeSpan.FromMilliseconds(1),
        },
        WallTime = TimeSpan.FromMilliseconds(419) + TimeSpan.FromTicks(100),
        TimeToFirstToken = TimeSpan.FromMilliseconds(49),
        LargestGap = TimeSpan.FromMilliseconds(33),
        FinishReason = FinishReason.Stop,
        FinishCause = FinishCause.Model,
        FinishPhase = RequestPhase.Decode,
    };
}
