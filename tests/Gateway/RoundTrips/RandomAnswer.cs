using System.Text;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Tests.RoundTrips;

/// <summary>Answers of all that the canonical events can say: thinking with and without a signature, text, calls in parallel with whole, empty and broken arguments, cut anywhere.</summary>
internal sealed class RandomAnswer(int seed)
{
    private static readonly string[] Words = ["a", "Grüße ", "\"quoted\" ", "\n", "\\u0041 ", "日本 ", "👩‍🚀", "data: [DONE]\n\n", "</think>", "\u2028", "\u0001"];

    private readonly Random random = new(seed);

    /// <summary>Thinking, text and calls in any order, several times, as only a stream can say them; else once each, in this order.</summary>
    public List<GenerationEvent> Make(bool anyOrder)
    {
        var events = new List<GenerationEvent>();
        var parts = anyOrder ? Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(3)).ToList() : [.. Enumerable.Range(0, 3).Where(_ => random.Next(3) > 0)];
        foreach (var part in parts)
        {
            switch (part)
            {
                case 0:
                    Say(GenerationEventKind.Reasoning, events);
                    if (random.Next(2) == 0)
                    {
                        events.Add(new() { Kind = GenerationEventKind.Reasoning, Signature = "c2lnbmVk" });
                    }

                    break;
                case 1:
                    Say(GenerationEventKind.Text, events);
                    break;
                default:
                    Enumerable.Range(0, random.Next(1, 4)).ToList().ForEach(_ => Call(events));
                    break;
            }
        }

        var length = random.Next(4) == 0;
        var called = events.Exists(item => item.Kind == GenerationEventKind.ToolCall);
        events.Add(new()
        {
            Kind = GenerationEventKind.Finish,
            FinishReason = length ? FinishReason.Length : FinishReason.Stop,
            StopText = !length && !called && random.Next(3) == 0 ? "END" : null,
        });
        return events;
    }

    private void Say(GenerationEventKind kind, List<GenerationEvent> events)
    {
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            events.Add(new() { Kind = kind, Tokens = 1, Text = Encoding.UTF8.GetBytes(Text()) });
        }
    }

    private void Call(List<GenerationEvent> events)
    {
        var arguments = random.Next(5) switch
        {
            0 => "",
            1 => "{\"city\": \"Os",
            2 => "{}",
            _ => $"{{\"k\": {random.Next(100)}, \"t\": \"é👩‍🚀\\\"{random.Next(10)}\"}}",
        };
        var cut = random.Next(2) == 0 ? arguments.Length : 0;
        events.Add(new() { Kind = GenerationEventKind.ToolCall, Tokens = 1, Call = new ToolCall($"call_{random.Next(1_000_000)}_{events.Count}", $"f{random.Next(3)}", arguments[..cut]) });
        foreach (var rune in arguments[cut..].EnumerateRunes())
        {
            events.Add(new() { Kind = GenerationEventKind.ToolCall, Tokens = 1, Text = Encoding.UTF8.GetBytes(rune.ToString()) });
        }
    }

    private string Text() => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Words[random.Next(Words.Length)]));
}
