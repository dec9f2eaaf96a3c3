namespace Penstock.Lab.Subjects;

/// <summary>What an experiment asks: a server over HTTP or a target in this process. Thread-safe.</summary>
public interface ISubject
{
    /// <summary>The model's name.</summary>
    string Model { get; }

    /// <summary>Asks, and follows the answer to its end.</summary>
    /// <param name="question">What to ask.</param>
    /// <param name="cancellationToken">Leaving: the answer then is <see cref="AnswerEnd.Left"/>, with what has come so far.</param>
    /// <returns>What was seen; failures are values.</returns>
    Task<Answer> AskAsync(Question question, CancellationToken cancellationToken);

    /// <summary>How often the model's engine has made a request give way since it started; null where that is not told.</summary>
    Task<long?> PreemptionsAsync(CancellationToken cancellationToken);
}
