// Writes requests to a ledger from many tasks until it is killed. Each line on standard output is one acknowledgement:
// "A id" for an admission, "F id" for an end. usage: <ledger file> <prefix of ids> <tasks>
// With a cap after that it reserves and settles instead, see BudgetWriter.
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Ledger;
using Penstock.Tests.Ledger.Writer;

var prefix = args[1];
var gate = new Lock();
if (args.Length > 3)
{
    await BudgetWriter.RunAsync(args[0], prefix, int.Parse(args[2]), long.Parse(args[3]), Print);
    return;
}

await using var ledger = await SqliteLedger.OpenAsync(new LedgerOptions { File = args[0] }, TimeProvider.System);
await Task.WhenAll(Enumerable.Range(0, int.Parse(args[2])).Select(async task =>
{
    for (var i = 0; ; i++)
    {
        var admitted = new RequestRecord
        {
            RequestId = $"{prefix}-{task}-{i}",
            State = RecordState.Admitted,
            ReceivedAt = TimeProvider.System.GetUtcNow(),
            Tenant = $"tenant-{task}",
            Kind = RequestKind.Chat,
            Model = "pebble",
            Target = "engine.cpu",
            Tokens = new TokenCounts { Prompt = 10 },
        };
        await ledger.AdmitAsync(admitted, default);
        Acknowledge('A', admitted.RequestId);
        await ledger.FinishAsync(
            admitted with
            {
                State = RecordState.Finished,
                FinishedAt = TimeProvider.System.GetUtcNow(),
                Tokens = new TokenCounts { Prompt = 10, Prefilled = 10, Sampled = i, DeliveredVisible = i },
                Phases = new PhaseDurations { Decode = TimeSpan.FromMilliseconds(i) },
                WallTime = TimeSpan.FromMilliseconds(i),
                FinishReason = FinishReason.Length,
                FinishCause = FinishCause.Request,
                FinishPhase = RequestPhase.Decode,
            },
            default);
        Acknowledge('F', admitted.RequestId);
    }
}));

void Acknowledge(char what, string id) => Print($"{what} {id}");

void Print(string line)
{
    lock (gate)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
