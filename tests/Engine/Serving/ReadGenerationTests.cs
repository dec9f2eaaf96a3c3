using System.Text;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Engine.Constraining;
using Penstock.Engine.Serving.Answers;
using Penstock.Models.Answers;

namespace Penstock.Engine.Tests.Serving;

public class ReadGenerationTests
{
    private const string Said = "<think>\nWhat is it?\n</think>\n\nLet me see.\n<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>\n<tool_call>{\"name\": \"add\"}</tool_call>";

    [Fact]
    public void Read_AnyTokens_GivesTheSamePartsAndAccountsForEveryToken()
    {
        var bytes = Encoding.UTF8.GetBytes(Said);
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var inner = new Recorded();
            for (var at = 0; at < bytes.Length;)
            {
                var length = Math.Min(bytes.Length - at, random.Next(0, 9));
                inner.Say(0, bytes.AsMemory(at, length), tokens: length == 0 ? 1 : random.Next(0, 3));
                at += length;
            }

            inner.Finish(0);
            var events = Read(inner, choices: 1);

            Assert.Equal("What is it?", Text(events, GenerationEventKind.Reasoning));
            Assert.Equal("Let me see.", Text(events, GenerationEventKind.Text));
            Assert.Equal([("add", "{\"a\": 1}"), ("add", "{}")], events.Where(item => item.Call is not null).Select(item => (item.Call!.Name, item.Call.ArgumentsJson)));
            Assert.Equal(inner.Tokens, events.Sum(item => item.Tokens));
            Assert.All(events, item => Assert.Equal(item.Kind == GenerationEventKind.Finish ? 0 : item.Tokens, item.LogProbs?.Count ?? 0));
            Assert.Equal(GenerationEventKind.Finish, events[^1].Kind);
        }
    }

    [Fact]
    public void Read_WhatIsWithheld_IsNotCountedBeforeItIsCertain()
    {
        var inner = new Recorded();
        var generation = Make(inner, choices: 1);
        inner.Say(0, "Hello"u8.ToArray(), 1);
        inner.Say(0, " <tool"u8.ToArray(), 1);
        inner.Say(0, "_call>"u8.ToArray(), 1);

        Assert.Equal(1, Drain(generation).Sum(item => item.Tokens));
        inner.Say(0, "no"u8.ToArray(), 1);
        Assert.Equal([(" <tool_call>", 0), ("no", 3)], Drain(generation).Select(item => (Encoding.UTF8.GetString(item.Text.Span), item.Tokens)));
    }

    [Fact]
    public void Read_AnErrorWithinACall_ShowsWhatWasSaidFirst()
    {
        var inner = new Recorded();
        inner.Say(0, "<tool_call>{\"na"u8.ToArray(), 3);
        inner.Say(1, "Done"u8.ToArray(), 1);
        inner.Finish(1);
        inner.Fail();

        var events = Read(inner, choices: 2);

        Assert.Equal("<tool_call>{\"na", Text([.. events.Where(item => item.Choice == 0)], GenerationEventKind.Text));
        Assert.Equal(inner.Tokens, events.Sum(item => item.Tokens));
        Assert.Equal(GenerationEventKind.Error, events[^1].Kind);
    }

    [Fact]
    public void For_DifferentCalls_GivesNineLettersThatDiffer()
    {
        var ids = Enumerable.Range(0, 100).Select(call => CallId.For("req_1", call / 50, call % 50)).ToList();
        Assert.Equal(100, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9A-Za-z]{9}$", id));
        Assert.Equal(CallId.For("req_1", 0, 0), ids[0]);
    }

    private static string Text(IReadOnlyList<GenerationEvent> events, GenerationEventKind kind) =>
        Encoding.UTF8.GetString([.. events.Where(item => item.Kind == kind).SelectMany(item => item.Text.ToArray())]);

    private static List<GenerationEvent> Read(Recorded inner, int choices) => Drain(Make(inner, choices));

    private static ReadGeneration Make(Recorded inner, int choices)
    {
        var syntax = AnswerSyntax.Of("<think> <tool_call>", _ => false);
        var tools = new HashSet<string> { "add" };
        return new ReadGeneration(inner, new AnswerReading("req_test", choices, new HashSet<int>(), syntax, ThinkingStage.None, () => new AnswerParser(syntax, startsThinking: false, tools)));
    }

    private static List<GenerationEvent> Drain(ReadGeneration generation)
    {
        var events = new List<GenerationEvent>();
        while (generation.TryRead(out var item))
            events.Add(item);
        return events;
    }

    /// <summary>Gives back what it was told.</summary>
    private sealed class Recorded : IGeneration
    {
        private readonly Queue<GenerationEvent> events = new();

        public int Tokens { get; private set; }

        public int PromptTokens => 1;

        public Task<GenerationSummary> Completion => throw new NotSupportedException();

        public void Say(int choice, ReadOnlyMemory<byte> text, int tokens)
        {
            Tokens += tokens;
            var logProbs = Enumerable.Range(0, tokens).Select(token => new TokenLogProb(token, default, 0, [])).ToList();
            events.Enqueue(new GenerationEvent { Kind = GenerationEventKind.Text, Choice = choice, Text = text, Tokens = tokens, LogProbs = logProbs });
        }

        public void Finish(int choice)
        {
            Tokens++;
            events.Enqueue(new GenerationEvent { Kind = GenerationEventKind.Finish, Choice = choice, Tokens = 1, FinishReason = FinishReason.Stop });
        }

        public void Fail() => events.Enqueue(new GenerationEvent { Kind = GenerationEventKind.Error, Error = new PenstockError(ErrorCode.RunnerFailed, "It failed.") });

        public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => new(events.Count > 0);

        public bool TryRead(out GenerationEvent item) => events.TryDequeue(out item);

        public void Cancel()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
