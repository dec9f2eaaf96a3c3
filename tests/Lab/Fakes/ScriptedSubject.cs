using Penstock.Lab.Subjects;

namespace Penstock.Lab.Tests.Fakes;

/// <summary>Answers by a function of the question and of how many were asked before.</summary>
internal sealed class ScriptedSubject(Func<Question, int, Answer> answer) : ISubject
{
    private int asked;

    public string Model => "scripted";

    public List<Question> Asked { get; } = [];

    /// <summary>A whole answer of these words, a token each.</summary>
    public static Answer Words(string words, bool tokens = true, string? digest = "d") => new()
    {
        End = AnswerEnd.Whole,
        Text = words,
        Tokens = tokens ? words.Split(' ') : [],
        FinishReason = "stop",
        Digest = digest,
        OutputTokens = words.Split(' ').Length,
    };

    public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        lock (Asked)
        {
            Asked.Add(question);
            return Task.FromResult(answer(question, asked++));
        }
    }

    public Task<long?> PreemptionsAsync(CancellationToken cancellationToken) => Task.FromResult<long?>(null);
}
