using Penstock.Contracts.Records;
using Penstock.Ledger;

namespace Penstock.Cli.Bench.Cancel;

/// <summary>
/// Finds in the server's ledger what was computed for clients that had left: the tokens sampled between the departure and the end of
/// decoding, by time, for which client and server must share a clock. The record's discarded tokens alone would not do: of an answer that
/// is not streamed everything is discarded, also what was sampled while its client waited; of a stream, what reached the socket just
/// before the server knew counts as delivered.
/// </summary>
internal sealed class WastedTokens(LedgerReader reader, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly long before = reader.Tail(1) is [var last] ? last.Sequence : 0;

    /// <summary>A record of one who left, and how many tokens were wasted on it.</summary>
    public sealed record Finding(RequestRecord Record, double Tokens);

    /// <summary>Waits until the records of all departures are complete, and reads them.</summary>
    /// <param name="leftAt">When each left, by the task that its request was tagged with.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Fewer than asked for where the server did not record them, or not in time.</returns>
    public async Task<IReadOnlyList<Finding>> FindAsync(IReadOnlyDictionary<string, DateTimeOffset> leftAt, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var records = reader.After(before).Select(entry => entry.Record)
                .Where(record => record.Task is not null && leftAt.ContainsKey(record.Task) && record.State == RecordState.Finished).ToList();
            if (records.Count == leftAt.Count || time.GetElapsedTime(start) > Patience)
                return [.. records.Select(record => new Finding(record, Wasted(record, leftAt[record.Task!])))];
            await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }

    public void Dispose() => reader.Dispose();

    internal static double Wasted(RequestRecord record, DateTimeOffset leftAt)
    {
        var phases = record.Phases;
        var decodeEnded = record.ReceivedAt + phases.Receive + phases.Authorize + phases.Route + phases.Admit + phases.Schedule + phases.Prefill + phases.Decode;
        var after = decodeEnded - leftAt;
        var late = after <= TimeSpan.Zero ? 0
            : phases.Decode <= after ? record.Tokens.Sampled
            : Math.Ceiling(record.Tokens.Sampled * (after / phases.Decode));
        return record.Stream ? Math.Max(late, record.Tokens.DiscardedCancelled + record.Tokens.DiscardedDisconnected) : late;
    }
}
