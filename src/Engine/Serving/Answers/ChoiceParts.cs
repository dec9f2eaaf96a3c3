using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;
using Penstock.Models.Answers;

namespace Penstock.Engine.Serving.Answers;

/// <summary>Takes one choice's text apart and keeps its tokens' account: a token is passed on once its first byte is certain.</summary>
internal sealed class ChoiceParts(AnswerParser parser, string requestId, int choice)
{
    private readonly Queue<(long Start, int Tokens, IReadOnlyList<TokenLogProb>? LogProbs)> withheld = new();
    private readonly List<AnswerPiece> pieces = [];
    private long taken;
    private int calls;

    /// <summary>Whether the choice has ended.</summary>
    public bool Done { get; private set; }

    /// <summary>Takes in an event of the engine.</summary>
    /// <param name="item">Text or a finish.</param>
    /// <param name="output">Gets what may be passed on.</param>
    public void Take(in GenerationEvent item, Queue<GenerationEvent> output)
    {
        if (item.Kind == GenerationEventKind.Finish)
        {
            End(item.Timestamp, output);
            output.Enqueue(item);
            return;
        }

        if (withheld.Count == 0 && parser.PassesThrough(item.Text.Span, out var part))
        {
            taken += item.Text.Length;
            output.Enqueue(item with { Kind = part == AnswerPart.Reasoning ? GenerationEventKind.Reasoning : GenerationEventKind.Text });
            return;
        }

        withheld.Enqueue((taken, item.Tokens, item.LogProbs));
        taken += item.Text.Length;
        parser.Append(item.Text.Span, pieces);
        Pass(item.Timestamp, output);
    }

    /// <summary>No more text will come: what was withheld is passed on.</summary>
    public void End(long timestamp, Queue<GenerationEvent> output)
    {
        Done = true;
        parser.Finish(pieces);
        Pass(timestamp, output);
    }

    private void Pass(long timestamp, Queue<GenerationEvent> output)
    {
        var (tokens, logProbs) = Release();
        for (var i = 0; i < pieces.Count; i++)
        {
            var last = i == pieces.Count - 1;
            output.Enqueue(Event(pieces[i], last ? tokens : 0, last ? logProbs : null, timestamp));
        }

        // A marker was completed and there is nothing to show yet.
        if (pieces.Count == 0 && tokens > 0)
            output.Enqueue(Event(default, tokens, logProbs, timestamp));
        pieces.Clear();
    }

    private (int Tokens, List<TokenLogProb>? LogProbs) Release()
    {
        var (tokens, certain) = (0, taken - parser.Withheld);
        List<TokenLogProb>? logProbs = null;
        while (withheld.TryPeek(out var first) && (first.Start < certain || parser.Withheld == 0))
        {
            withheld.Dequeue();
            tokens += first.Tokens;
            if (first.LogProbs is not null)
                (logProbs ??= []).AddRange(first.LogProbs);
        }

        return (tokens, logProbs);
    }

    private GenerationEvent Event(AnswerPiece piece, int tokens, IReadOnlyList<TokenLogProb>? logProbs, long timestamp) => new()
    {
        Kind = piece.Part switch
        {
            AnswerPart.Reasoning => GenerationEventKind.Reasoning,
            AnswerPart.Call => GenerationEventKind.ToolCall,
            _ => GenerationEventKind.Text,
        },
        Choice = choice,
        Tokens = tokens,
        Text = piece.Text,
        Call = piece.Call is { } call ? new ToolCall(call.Id ?? CallId.For(requestId, choice, calls++), call.Name, call.Arguments) : null,
        LogProbs = logProbs,
        Timestamp = timestamp,
    };
}
