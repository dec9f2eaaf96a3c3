using System.Buffers;
using Penstock.Contracts.Generation;

namespace Penstock.Gateway.Streaming;

/// <summary>One choice of an answer that goes out as a whole.</summary>
internal sealed class ChoiceText(bool wantsLogProbs)
{
    private readonly ArrayBufferWriter<byte> text = new();

    public ReadOnlySpan<byte> Text => text.WrittenSpan;

    /// <summary>One entry a token, or null when none were asked for.</summary>
    public List<TokenLogProb>? LogProbs { get; } = wantsLogProbs ? [] : null;

    public string FinishReason { get; private set; } = "length";

    public void Add(in GenerationEvent item)
    {
        text.Write(item.Text.Span);
        if (item.LogProbs is { } logProbs)
        {
            LogProbs?.AddRange(logProbs);
        }

        if (item.Kind == GenerationEventKind.Finish)
        {
            FinishReason = FinishReasonJson.Of(item.FinishReason);
        }
    }
}
