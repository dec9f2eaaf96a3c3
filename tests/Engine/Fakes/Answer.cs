using System.Text;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;

namespace Penstock.Engine.Tests.Fakes;

/// <summary>Everything that a generation said.</summary>
internal sealed class Answer
{
    public Answer(IReadOnlyList<GenerationEvent> events, GenerationSummary summary)
    {
        (Events, Summary) = (events, summary);
        Reasoning = Encoding.UTF8.GetString([.. events.Where(item => item.Kind == GenerationEventKind.Reasoning).SelectMany(item => item.Text.ToArray())]);
        Texts = [.. events.Where(item => item.Kind == GenerationEventKind.Text).GroupBy(item => item.Choice).OrderBy(group => group.Key)
            .Select(group => Encoding.UTF8.GetString([.. group.SelectMany(item => item.Text.ToArray())]))];
        Calls = [.. events.Where(item => item.Kind == GenerationEventKind.ToolCall).GroupBy(item => item.Choice).OrderBy(group => group.Key).SelectMany(Joined)];
    }

    public IReadOnlyList<GenerationEvent> Events { get; }

    public GenerationSummary Summary { get; }

    /// <summary>The text of each choice that said something; copied at once, since events' text dies with the generation.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>The calls, of all choices, each with the arguments that came after it had begun.</summary>
    public IReadOnlyList<ToolCall> Calls { get; }

    /// <summary>The thinking, of all choices.</summary>
    public string Reasoning { get; }

    public IReadOnlyList<GenerationEvent> Finishes => [.. Events.Where(item => item.Kind == GenerationEventKind.Finish)];

    private static List<ToolCall> Joined(IEnumerable<GenerationEvent> events)
    {
        List<ToolCall> calls = [];
        foreach (var item in events)
        {
            if (item.Call is { } call)
                calls.Add(call);
            else
                calls[^1] = calls[^1] with { ArgumentsJson = calls[^1].ArgumentsJson + Encoding.UTF8.GetString(item.Text.Span) };
        }

        return calls;
    }

    /// <summary>The laws that hold for every ending.</summary>
    public void AssertLaws()
    {
        var tokens = Summary.Tokens;
        Assert.Equal(tokens.Prompt, tokens.Cached + tokens.Prefilled + tokens.NotReached);
        Assert.Equal(tokens.Sampled, Events.Sum(item => item.Tokens) + tokens.DiscardedTrimmed + tokens.DiscardedCancelled);
        Assert.True(tokens is { Prefilled: >= 0, NotReached: >= 0, Sampled: >= 0 });
        var failed = Events.Any(item => item.Kind == GenerationEventKind.Error);
        Assert.All(Events.GroupBy(item => item.Choice), choice => Assert.True(
            failed || (choice.Count(item => item.Kind == GenerationEventKind.Finish) == 1 && choice.Last().Kind == GenerationEventKind.Finish)));
    }
}
