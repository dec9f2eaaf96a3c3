using System.Text;
using Penstock.Contracts.Requests;
using Penstock.Lab.Subjects;

namespace Penstock.Lab.Determinism;

/// <summary>
/// Neighbours without rhythm: random lengths, temperatures, classes and callers; some begin like the measured prompt, some leave before or
/// amid their answer, and each rests a little now and then so that the batch's size changes. Runs until it is told to stop.
/// </summary>
internal sealed class Crowd(ISubject subject, DeterminismOptions options, bool extended, TimeProvider time)
{
    private const int LongestRestMs = 40;
    private const int LettersAToken = 4;

    private int promptTokens = options.NeighbourPromptTokens;
    private int finished;
    private int left;
    private int busy;
    private int failed;

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Neighbours).Select(index => LiveAsync(new Random(HashCode.Combine(options.CrowdSeed, index)), cancellationToken)));

    public CrowdReport Report(long cachedPromptTokens, long? preemptions) => new(finished, left, busy, failed, cachedPromptTokens, preemptions);

    private async Task LiveAsync(Random random, CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await AskAsync(random, cancellationToken);
                if (random.Next(3) == 0)
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestRestMs)), time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The experiment is over.
        }
    }

    private async Task AskAsync(Random random, CancellationToken cancellationToken)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var question = Draw(random);
        if (random.NextDouble() < options.LeaveRate)
        {
            if (question.Stream && random.Next(2) == 0)
                question = question with { LeaveAfterTokens = random.Next(1, question.OutputTokens + 1) };
            else
                leave.CancelAfter(TimeSpan.FromMilliseconds(random.Next(1, 400)));
        }

        var answer = await subject.AskAsync(question, leave.Token);
        switch (answer.End)
        {
            case AnswerEnd.Whole:
                Interlocked.Increment(ref finished);
                break;
            case AnswerEnd.Left:
                Interlocked.Increment(ref left);
                break;
            case AnswerEnd.Busy:
                Interlocked.Increment(ref busy);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(10, 200)), time, cancellationToken);
                break;
            default:
                // Most often the prompt is too long for a small model. Nobody is to spin on whatever else it is.
                Interlocked.Increment(ref failed);
                promptTokens = Math.Max(1, promptTokens / 2);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 250)), time, cancellationToken);
                break;
        }
    }

    private Question Draw(Random random)
    {
        var prompt = new StringBuilder();
        if (random.Next(3) == 0)
            prompt.Append(options.Prompt.AsSpan(0, random.Next(options.Prompt.Length + 1)));

        // Short ones and long ones alike: lengths even on a logarithmic scale.
        var letters = LettersAToken * (int)Math.Exp(random.NextDouble() * Math.Log(promptTokens));
        for (var i = 0; i < letters; i++)
            prompt.Append(random.Next(6) == 0 ? ' ' : (char)random.Next('a', 'z' + 1));
        return new Question(prompt.ToString(), (int)Math.Exp(random.NextDouble() * Math.Log(2 * options.OutputTokens)))
        {
            Temperature = random.Next(16) / 10f,
            Seed = random.Next(),
            Stream = random.Next(4) != 0,
            Extended = extended,
            Class = (ServiceClass)random.Next(Enum.GetValues<ServiceClass>().Length),
            CacheSalt = random.Next(3) == 0 ? "crowd" : null,
            Caller = random.Next(1_000),
        };
    }
}
