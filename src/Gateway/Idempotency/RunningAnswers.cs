using Penstock.Ledger.Decisions;

namespace Penstock.Gateway.Idempotency;

/// <summary>The answers that are being made here and now, by their keys: who asks for one of them again joins it. Thread-safe.</summary>
internal sealed class RunningAnswers(AnswerServices services)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, RunningAnswer> answers = [];

    /// <summary>How many clients read them.</summary>
    public int Readers
    {
        get
        {
            lock (gate)
            {
                return answers.Values.Sum(answer => answer.Readers);
            }
        }
    }

    /// <summary>The answer to this key, with one more reader, who must <see cref="Leave"/> it; null where the key belongs to another body.</summary>
    /// <param name="key">What is asked for.</param>
    /// <param name="first">Whether there was none yet: the caller must make it, and then <see cref="End"/> it.</param>
    public RunningAnswer? Join(DecisionKey key, out bool first)
    {
        lock (gate)
        {
            first = !answers.TryGetValue(key.Id, out var answer);
            if (answer is null)
            {
                answer = new RunningAnswer(key, services);
                answers.Add(key.Id, answer);
            }
            else if (answer.Key.Body != key.Body)
            {
                return null;
            }

            answer.Readers++;
            return answer;
        }
    }

    /// <summary>A reader goes. The last one takes the answer with it, unless it has been made.</summary>
    public void Leave(RunningAnswer answer)
    {
        bool last;
        lock (gate)
        {
            last = answer.Readers == 1 && !answer.HasEnded;
            if (last)
            {
                Remove(answer);
            }
        }

        if (last)
        {
            answer.Abandon();
        }

        lock (gate)
        {
            answer.Readers--;
            DisposeIfUnused(answer);
        }
    }

    /// <summary>Nobody joins it any more.</summary>
    public void Retire(RunningAnswer answer)
    {
        lock (gate)
        {
            Remove(answer);
        }
    }

    /// <summary>It has been made, or given up.</summary>
    public void End(RunningAnswer answer)
    {
        lock (gate)
        {
            Remove(answer);
            answer.HasEnded = true;
            DisposeIfUnused(answer);
        }
    }

    private void Remove(RunningAnswer answer)
    {
        if (answers.TryGetValue(answer.Key.Id, out var known) && known == answer)
        {
            answers.Remove(answer.Key.Id);
        }
    }

    private static void DisposeIfUnused(RunningAnswer answer)
    {
        if (answer is { Readers: 0, HasEnded: true })
        {
            answer.Dispose();
        }
    }
}
