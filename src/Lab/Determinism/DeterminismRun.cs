using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Lab.Subjects;

namespace Penstock.Lab.Determinism;

/// <summary>Asks one prompt many times, alone or in a crowd, and counts the different answers. One run an instance.</summary>
public sealed class DeterminismRun(ISubject subject, DeterminismOptions options, TimeProvider time)
{
    private const int Retries = 100;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UsualWait = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private readonly List<Answer> answers = [];
    private int failed;
    private string? problem;
    private long outputTokens;

    /// <param name="progress">Told the share of requests that have ended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The report, or why the prompt cannot be asked like this at all.</returns>
    public async Task<Outcome<DeterminismReport>> RunAsync(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var (first, form) = await AskAloneAsync(cancellationToken);
        if (first.End != AnswerEnd.Whole)
            return new PenstockError(ErrorCode.InvalidRequest, $"The first request to {subject.Model}, alone, was not answered. {first.Problem}");

        answers.Add(first);
        var lane = options.CostRounds > 0
            ? await new LaneMeter(subject, form, Math.Max(1, options.Concurrency), time).MeasureAsync(options.CostRounds, cancellationToken)
            : null;
        var crowd = options.Load == NeighbourLoad.Mixed ? new Crowd(subject, options, form.Extended, time) : null;
        var preemptions = await subject.PreemptionsAsync(cancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var neighbours = crowd?.RunAsync(over.Token) ?? Task.CompletedTask;
        var from = time.GetTimestamp();
        try
        {
            await AskAgainAsync(form, progress, cancellationToken);
        }
        finally
        {
            await over.CancelAsync();
            await neighbours;
        }

        var seconds = time.GetElapsedTime(from).TotalSeconds;
        preemptions = await subject.PreemptionsAsync(cancellationToken) - preemptions;
        return Report(crowd?.Report(answers.Sum(answer => (long)(answer.CachedTokens ?? 0)), preemptions), lane, outputTokens / seconds);
    }

    // From the most that can be asked down to what every server takes: strict ones refuse fields that they do not know.
    private async Task<(Answer Answer, Question Form)> AskAloneAsync(CancellationToken cancellationToken)
    {
        Answer? refused = null;
        foreach (var (extended, tokens) in ((bool, bool)[])[(true, true), (true, false), (false, true), (false, false)])
        {
            var form = new Question(options.Prompt, options.OutputTokens)
            {
                Temperature = options.Temperature,
                Seed = options.Seed,
                Deterministic = options.Deterministic,
                Extended = extended,
                Tokens = tokens,
                Stream = false,
            };
            var answer = await AskPatientlyAsync(form, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (answer.End is AnswerEnd.Busy or AnswerEnd.Failed)
                return (answer, form);
            // A server that gave no receipt ignored some of the fields, and perhaps not all: it is asked without them.
            if (answer.End == AnswerEnd.Whole && (!extended || answer.Digest is not null))
                return (answer, form with { Tokens = answer.Tokens.Count > 0 });
            refused ??= answer;
        }

        return (refused!, new Question(options.Prompt, options.OutputTokens));
    }

    private async Task AskAgainAsync(Question form, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var mixed = options.Load == NeighbourLoad.Mixed;
        var rest = Enumerable.Range(1, options.N - 1);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = mixed ? options.Concurrency : 1, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(rest, parallel, async (index, token) =>
        {
            var random = new Random(HashCode.Combine(options.CrowdSeed, -index));
            var question = form with { Stream = random.Next(2) == 0 };
            if (mixed)
            {
                // None of this may change the answer: who goes first, whose cache it finds.
                question = question with
                {
                    Class = (ServiceClass)random.Next(Enum.GetValues<ServiceClass>().Length),
                    CacheSalt = random.Next(3) switch { 0 => null, 1 => "crowd", _ => $"run {index}" },
                };
            }

            Count(await AskPatientlyAsync(question, token));
            progress?.Report(Ended() / (double)options.N);
        });
    }

    private async Task<Answer> AskPatientlyAsync(Question question, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await subject.AskAsync(question, cancellationToken);
            if (answer.End != AnswerEnd.Busy || attempt == Retries)
                return answer;
            var wait = answer.RetryAfter ?? UsualWait;
            await Task.Delay(wait < LongestWait ? wait : LongestWait, time, cancellationToken);
        }
    }

    private void Count(Answer answer)
    {
        lock (gate)
        {
            if (answer.End == AnswerEnd.Whole)
            {
                answers.Add(answer);
                outputTokens += answer.OutputTokens ?? 0;
            }
            else
            {
                failed++;
                problem ??= answer.Problem;
            }
        }
    }

    private int Ended()
    {
        lock (gate)
            return answers.Count + failed;
    }

    private DeterminismReport Report(CrowdReport? crowd, LaneCost? lane, double tokensPerSecond)
    {
        var byTokens = answers.TrueForAll(answer => answer.Tokens.Count > 0);
        var pieces = answers.ConvertAll(answer => Divergence.Pieces(answer, byTokens));
        var digests = answers.Select(answer => answer.Digest).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return new DeterminismReport
        {
            N = answers.Count,
            Distinct = answers.Select(answer => (answer.Text, string.Join(',', answer.Tokens), answer.FinishReason)).Distinct().Count(),
            FirstDivergenceToken = pieces.Min(other => Divergence.First(pieces[0], other)),
            Agreement = pieces.Average(other => Divergence.Agreement(pieces[0], other)),
            Unit = byTokens ? "token" : "character",
            DistinctReceipts = digests.Count > 0 ? digests.Count : null,
            DistinctFingerprints = answers.Select(answer => answer.Fingerprint).OfType<string>().Distinct(StringComparer.Ordinal).Count(),
            Fingerprint = answers[0].Fingerprint,
            OutputTokens = answers[0].OutputTokens,
            Failed = failed,
            Problem = problem,
            OutputTokensPerS = Math.Round(tokensPerSecond, 2),
            Crowd = crowd,
            Lane = lane,
        };
    }
}
