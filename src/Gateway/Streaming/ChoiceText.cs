using System.Buffers;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Streaming;

/// <summary>One choice of an answer that goes out as a whole.</summary>
internal sealed class ChoiceText(bool wantsLogProbs)
{
    private readonly ArrayBufferWriter<byte> text = new();
    private readonly ArrayBufferWriter<byte> reasoning = new();

    public ReadOnlySpan<byte> Text => text.WrittenSpan;

    /// <summary>The thinking before the text; empty when there was none.</summary>
    public ReadOnlySpan<byte> Reasoning => reasoning.WrittenSpan;

    /// <summary>Tokens of <see cref="Reasoning"/>.</summary>
    public int ReasoningTokens { get; private set; }

    public List<ToolCall> Calls { get; } = [];

    /// <summary>One entry a token, or null when none were asked for.</summary>
    public List<TokenLogProb>? LogProbs { get; } = wantsLogProbs ? [] : null;

    public string FinishReason { get; private set; } = "length";

    public void Add(in GenerationEvent item)
    {
        (item.Kind == GenerationEventKind.Reasoning ? reasoning : text).Write(item.Text.Span);
        ReasoningTokens += item.Kind == GenerationEventKind.Reasoning ? item.Tokens : 0;
        if (item.Call is { } call)
        {
            Calls.Add(call);
        }

        if (item.LogProbs is { } logProbs)
        {
            LogProbs?.AddRange(logProbs);
        }

        if (item.Kind == GenerationEventKind.Finish)
        {
            FinishReason = FinishReasonJson.Of(item.FinishReason, Calls.Count > 0);
        }
    }
}
