using Penstock.Cli.Bench.Streaming;
using Penstock.Cli.Output;

namespace Penstock.Cli.Bench.Neighbour;

/// <summary>Lets some streams run alone for a while, then sends a long prompt beside them.</summary>
internal sealed class NeighbourRun(BenchServer server, Action<string> note, TimeProvider time)
{
    private const int ShortPromptTokens = 64;

    /// <param name="streams">How many streams.</param>
    /// <param name="aloneTokens">Tokens that each has before the long prompt comes.</param>
    /// <param name="streamTokens">Tokens that each could have in all; halved until they fit the model, as the long prompt is.</param>
    /// <param name="longPromptTokens">The long prompt.</param>
    /// <param name="seed">Of the prompts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">A request failed.</exception>
    public async Task<NeighbourReport> RunAsync(int streams, int aloneTokens, int streamTokens, int longPromptTokens, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var (probe, length) = await Fitting.HalveAsync(
            "each stream", streamTokens, tokens => server.Client.SendAsync(Stream(tokens) with { LeaveAfterTokens = 1 }, cancellationToken), note);
        cancellationToken.ThrowIfCancellationRequested();
        if (probe.Outcome == ChatOutcome.Failed)
            throw Failed(probe, "A first stream failed");

        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var warm = new TaskCompletionSource();
        var running = streams;
        var traces = Enumerable.Range(0, streams).Select(_ => server.Client.SendAsync(Watched(Stream(length)), leave.Token)).ToList();
        var ended = Task.WhenAny(traces);
        if (await Task.WhenAny(warm.Task, ended) == ended)
            throw Failed(await await ended, "A stream ended before the others were under way");

        var (longOne, _) = await Fitting.HalveAsync("the long prompt", longPromptTokens, tokens => server.SendAsync(tokens, 1, random, cancellationToken), note);
        await leave.CancelAsync();
        var seen = await Task.WhenAll(traces);
        cancellationToken.ThrowIfCancellationRequested();
        if (longOne.Outcome != ChatOutcome.Ok)
            throw Failed(longOne, "The long prompt failed");
        return seen.FirstOrDefault(trace => trace.Outcome == ChatOutcome.Failed) is { } broken
            ? throw Failed(broken, "A stream failed")
            : NeighbourReport.Of(seen, longOne, time);

        ChatCall Stream(int tokens) => new(server.Prompts.OfTokens(ShortPromptTokens, random.Next()), tokens) { LogProbs = true };

        ChatCall Watched(ChatCall call)
        {
            var counted = false;
            return call with
            {
                Seen = tokens =>
                {
                    if (tokens < aloneTokens || counted)
                        return;
                    counted = true;
                    if (Interlocked.Decrement(ref running) == 0)
                        warm.SetResult();
                },
            };
        }
    }

    private static CommandException Failed(ChatTrace trace, string what) =>
        new($"{what}: {trace.Failure ?? "it was done too soon; ask for longer answers with --stream-tokens"}.");
}
