using System.Globalization;
using System.Text;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;

namespace Penstock.Lab.Subjects;

/// <summary>A target in this process. Thread-safe, as targets are.</summary>
/// <param name="target">What answers.</param>
/// <param name="tenants">How many tenants the callers are.</param>
public sealed class TargetSubject(IInferenceTarget target, int tenants = 1) : ISubject
{
    private long asked;

    public string Model => target.Description.Name;

    public async Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return new Answer { End = AnswerEnd.Left };

        var prepared = target.Prepare(Request(question));
        if (!prepared.Ok)
            return Refusal(prepared.Error);
        var started = prepared.Value.Start();
        if (!started.Ok)
            return Refusal(started.Error);
        await using var generation = started.Value;
        return await FollowAsync(generation, question, cancellationToken);
    }

    public Task<long?> PreemptionsAsync(CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    private async Task<Answer> FollowAsync(IGeneration generation, Question question, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var tokens = new List<string>();
        try
        {
            while (await generation.WaitToReadAsync(cancellationToken))
            {
                while (generation.TryRead(out var item))
                {
                    if (item.Kind == GenerationEventKind.Error)
                        return Refusal(item.Error!);
                    text.Append(Encoding.UTF8.GetString(item.Text.Span));
                    foreach (var token in item.LogProbs ?? [])
                        tokens.Add(string.Join(' ', token.Bytes.ToArray()));
                }

                if (question.Stream && tokens.Count >= question.LeaveAfterTokens)
                    return await EndAsync(AnswerEnd.Left);
            }

            return await EndAsync(AnswerEnd.Whole);
        }
        catch (OperationCanceledException)
        {
            return await EndAsync(AnswerEnd.Left);
        }

        async Task<Answer> EndAsync(AnswerEnd end)
        {
            generation.Cancel();
            var summary = await generation.Completion;
            return new Answer
            {
                End = end,
                Text = text.ToString(),
                Tokens = tokens,
                FinishReason = $"{summary.FinishReason}",
                Digest = summary.Digest,
                Fingerprint = target.Description.Fingerprint,
                PromptTokens = generation.PromptTokens,
                CachedTokens = summary.Tokens.Cached,
                OutputTokens = summary.Tokens.Sampled,
            };
        }
    }

    private InferenceRequest Request(Question question) => new()
    {
        RequestId = $"lab_{Interlocked.Increment(ref asked).ToString(CultureInfo.InvariantCulture)}",
        Tenant = $"lab-{question.Caller % tenants}",
        Kind = RequestKind.Chat,
        Model = Model,
        Messages = [new ChatMessage { Role = "user", Content = question.Prompt }],
        MaxOutputTokens = question.OutputTokens,
        Sampling = new SamplingOptions { Temperature = question.Temperature, Seed = question.Seed is { } seed ? (ulong)seed : null, TopLogProbs = question.Tokens ? 0 : null },
        Stream = question.Stream,
        IgnoreEndOfGeneration = question.Extended,
        Intent = RequestIntent.Eval,
        Terms = new ServiceTerms { Class = question.Class, CacheSalt = question.CacheSalt, Deterministic = question.Deterministic },
    };

    private static Answer Refusal(PenstockError error) => new()
    {
        End = error.Code switch
        {
            ErrorCode.QueueFull or ErrorCode.DeadlineUnreachable or ErrorCode.Unavailable => AnswerEnd.Busy,
            ErrorCode.RunnerFailed or ErrorCode.Internal or ErrorCode.LedgerFailed => AnswerEnd.Failed,
            _ => AnswerEnd.Refused,
        },
        Problem = error.Message,
        RetryAfter = error.RetryAfter,
    };
}
