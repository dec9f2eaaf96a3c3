using System.Text;
using FsCheck.Fluent;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;
using Penstock.Wire;

namespace Penstock.Gateway.Tests.RoundTrips;

/// <summary>What an answer's writer of a form writes says the same as the events that it got, through any other form too, but for what a form has no place for.</summary>
public sealed class AnswerRoundTripTests
{
    public static TheoryData<string> Forms => [.. AnswerForms.All];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var first in AnswerForms.All)
            {
                foreach (var second in AnswerForms.All)
                {
                    pairs.Add(first, second);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public Task WriteThenRead_AnyAnswer_SaysTheSame(string form) => ForAllAsync(200, async seed =>
    {
        var events = new RandomAnswer(seed).Make(anyOrder: form != "chat whole");

        var back = AnswerForms.Read(form, await AnswerForms.WriteAsync(form, events));

        Assert.Equal(Said(events, form), Said(back, form));
    });

    [Theory]
    [MemberData(nameof(Pairs))]
    public Task ThereAndOn_ThroughAnotherForm_SaysWhatBothCanSay(string form, string other) => ForAllAsync(40, async seed =>
    {
        var anyOrder = form != "chat whole" && other != "chat whole";
        var events = new RandomAnswer(seed).Make(anyOrder);

        var between = AnswerForms.Read(other, await AnswerForms.WriteAsync(other, events));
        var back = AnswerForms.Read(form, await AnswerForms.WriteAsync(form, between));

        Assert.Equal(Said(events, other, form), Said(back, other, form));
    });

    private static async Task ForAllAsync(int samples, Func<int, Task> property)
    {
        foreach (var seed in Gen.Choose(0, int.MaxValue).Sample(samples))
        {
            try
            {
                await property(seed);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new InvalidOperationException($"seed {seed}: {exception.Message}", exception);
            }
        }
    }

    /// <summary>The answer as lines, without how text was cut and without what the forms have no place for.</summary>
    private static List<string> Said(IEnumerable<GenerationEvent> events, params string[] forms)
    {
        var chat = forms.Any(form => form.StartsWith("chat", StringComparison.Ordinal));
        var messages = forms.All(form => form.StartsWith("messages", StringComparison.Ordinal));
        var objects = forms.Contains("messages whole");
        var lines = new List<(string Kind, string Text)>();
        foreach (var item in events)
        {
            if (item.Kind == GenerationEventKind.Finish)
            {
                lines.Add(("finish", $"{item.FinishReason} {(messages ? item.StopText : "")}"));
            }
            else if (item.Call is { } call)
            {
                lines.Add(($"call {call.Id} {call.Name}", call.ArgumentsJson));
            }
            else
            {
                // Chats have no signatures.
                Add(item.Kind == GenerationEventKind.ToolCall ? lines[^1].Kind : $"{item.Kind}", Encoding.UTF8.GetString(item.Text.Span));
                if (item.Signature is { } signature && !chat)
                {
                    Add($"{item.Kind}", $"<signed {signature}>");
                }
            }
        }

        return lines.ConvertAll(line => line.Kind.StartsWith("call", StringComparison.Ordinal) ? $"{line.Kind} {Arguments(line.Text, objects)}" : $"{line.Kind} {line.Text}");

        void Add(string kind, string text)
        {
            if (lines.Count > 0 && lines[^1].Kind == kind)
            {
                lines[^1] = (kind, lines[^1].Text + text);
            }
            else if (text.Length > 0)
            {
                lines.Add((kind, text));
            }
        }
    }

    // A call without arguments has an empty object, and Anthropic's whole answers have no place for what is no object.
    private static string Arguments(string text, bool objects) => objects ? ToolInput.Of(new ToolCall("", "", text)) : text.Length == 0 ? "{}" : text;
}
