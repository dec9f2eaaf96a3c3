using Penstock.Cli.Bench.Load;
using Penstock.Cli.Bench.Streaming;
using Penstock.Cli.Output;

namespace Penstock.Cli.Bench.Cancel;

/// <summary>Lets clients leave in one phase of a request, and measures what that costs the server and the next client.</summary>
internal sealed class CancelRun(BenchServer server, WastedTokens? ledger, Action<string> note, TimeProvider time)
{
    private const int IdleRequests = 10;
    private const int TinyPromptTokens = 24;
    private const int ShortPromptTokens = 64;

    // What the one ahead gets of its own time to first token before the one who leaves is sent: enough to be first.
    private const double HeadStart = 0.1;

    /// <summary>What to do. Everything random follows from the seed.</summary>
    /// <param name="Phase">Where clients leave.</param>
    /// <param name="N">How many leave.</param>
    /// <param name="Stream">Whether they read the answer as it is made.</param>
    /// <param name="PromptTokens">The length of the prompt that matters: of the one who leaves, or of the one ahead.</param>
    /// <param name="OutputTokens">The length of the answer if nobody left.</param>
    /// <param name="Seed">Of prompts and moments.</param>
    public sealed record Plan(CancelPhase Phase, int N, bool Stream, int PromptTokens, int OutputTokens, int Seed);

    /// <exception cref="CommandException">A request failed for another reason than leaving.</exception>
    public async Task<CancelReport> RunAsync(Plan plan, Action<int> done, CancellationToken cancellationToken)
    {
        var random = new Random(plan.Seed);
        var (whole, promptTokens) = await FitAsync(plan, random, cancellationToken);
        var departures = Departures.Of(whole, time);
        var idle = new List<double>();
        for (var i = 0; i < IdleRequests; i++)
            idle.Add(await TinyAsync(random, cancellationToken));

        var prefix = $"bench-cancel-{time.GetUtcNow().ToUnixTimeMilliseconds()}-";
        var leftAt = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var next = new List<double>();
        var tooLate = 0;
        while (leftAt.Count < plan.N && tooLate < 3 * plan.N)
        {
            var task = prefix + (leftAt.Count + tooLate);
            if (await LeaveAsync(plan, departures, promptTokens, task, random, cancellationToken) is not { } left)
            {
                tooLate++;
                continue;
            }

            leftAt[task] = left;
            next.Add(await TinyAsync(random, cancellationToken));
            done(leftAt.Count);
        }

        var findings = ledger is null ? [] : await ledger.FindAsync(leftAt, cancellationToken);
        var known = findings.Count > 0;
        idle.Sort();
        return new CancelReport
        {
            Phase = CancelCommand.NameOf(plan.Phase),
            Stream = plan.Stream,
            N = leftAt.Count,
            WastedTokens = MeanAndMax.Of([.. known ? findings.Select(finding => finding.Tokens) : Estimate(plan, departures, promptTokens, idle, next)]),
            WastedFrom = known ? "ledger" : "delay",
            NextRequestMs = Distribution.Of([.. next.Order()]),
            IdleRequestMs = Distribution.Of(idle),
            LeftIn = findings.GroupBy(finding => $"{finding.Record.FinishPhase}".ToLowerInvariant()).ToDictionary(group => group.Key, group => group.Count()),
            TooLate = tooLate,
            PromptTokens = whole.PromptTokens,
        };
    }

    /// <summary>Times the request that matters when nobody leaves it, with the longest prompt that the model takes.</summary>
    private async Task<(ChatTrace Whole, int PromptTokens)> FitAsync(Plan plan, Random random, CancellationToken cancellationToken)
    {
        // Twice: the first pays for whatever the server does only once.
        var (trace, tokens) = await Fitting.HalveAsync("the prompt that matters", plan.PromptTokens, length => server.SendAsync(length, 1, random, cancellationToken), note);
        if (trace.Outcome == ChatOutcome.Ok)
            (trace, tokens) = await Fitting.HalveAsync("the prompt that matters", tokens, length => server.SendAsync(length, plan.OutputTokens, random, cancellationToken), note);
        cancellationToken.ThrowIfCancellationRequested();
        return trace.Outcome == ChatOutcome.Ok ? (trace, tokens) : throw Failed(trace);
    }

    /// <summary>Sends a request and leaves it; says when. Null: it was done before.</summary>
    private async Task<DateTimeOffset?> LeaveAsync(Plan plan, Departures departures, int promptTokens, string task, Random random, CancellationToken cancellationToken)
    {
        using var leaveAhead = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queued = plan.Phase == CancelPhase.Queued;
        var ahead = queued ? server.SendAsync(promptTokens, plan.OutputTokens, random, leaveAhead.Token) : Task.FromResult(new ChatTrace());
        if (queued)
            await Task.Delay(departures.FirstToken * HeadStart, time, cancellationToken);
        var departure = departures.Next(plan.Phase, plan.Stream, random);
        using var leave = departure.After is { } after ? new CancellationTokenSource(after, time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(leave.Token, cancellationToken);
        var call = new ChatCall(server.Prompts.OfTokens(queued ? ShortPromptTokens : promptTokens, random.Next()), plan.OutputTokens)
        {
            Stream = plan.Stream,
            LeaveAfterTokens = departure.AtToken,
            Task = task,
        };
        var trace = await server.Client.SendAsync(call, either.Token);
        var left = time.GetUtcNow() - time.GetElapsedTime(trace.EndedAt);
        await leaveAhead.CancelAsync();
        await ahead;
        cancellationToken.ThrowIfCancellationRequested();
        return trace.Outcome switch
        {
            ChatOutcome.Cancelled => left,
            ChatOutcome.Ok => null,
            _ => throw Failed(trace),
        };
    }

    private async Task<double> TinyAsync(Random random, CancellationToken cancellationToken)
    {
        var trace = await server.SendAsync(TinyPromptTokens, 1, random, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return trace.Outcome == ChatOutcome.Ok ? time.GetElapsedTime(trace.SentAt, trace.EndedAt).TotalMilliseconds : throw Failed(trace);
    }

    /// <summary>Without a ledger: the tokens that fit into the time by which the next request was later than on the idle server.</summary>
    private static IEnumerable<double> Estimate(Plan plan, Departures departures, int promptTokens, List<double> idle, List<double> next)
    {
        var tokenMs = plan.Phase == CancelPhase.Decode
            ? departures.Decode.TotalMilliseconds / Math.Max(1, departures.OutputTokens - 1)
            : departures.FirstToken.TotalMilliseconds / promptTokens;
        var usual = idle[idle.Count / 2];
        return next.Select(ms => Math.Max(0, Math.Floor((ms - usual) / Math.Max(tokenMs, 1e-6))));
    }

    private static CommandException Failed(ChatTrace trace) => new($"A request failed: {trace.Failure ?? "it was cut off"}.");
}
