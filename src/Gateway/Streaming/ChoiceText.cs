using System.Buffers;
using System.Text;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Streaming;

/// <summary>One choice of an answer that goes out as a whole.</summary>
internal sealed class ChoiceText(bool wantsLogProbs)
{
    private readonly ArrayBufferWriter<byte> text = new();
    private readonly ArrayBufferWriter<byte> reasoning = new();
    private readonly ArrayBufferWriter<byte> more = new();

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
        if (item.Kind != GenerationEventKind.ToolCall)
        {
            (item.Kind == GenerationEventKind.Reasoning ? reasoning : text).Write(item.Text.Span);
        }
        else if (item.Call is null)
        {
            more.Write(item.Text.Span);
        }
        else
        {
            EndCall();
        }

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
            EndCall();
            FinishReason = FinishReasonJson.Of(item.FinishReason, Calls.Count > 0);
        }
    }

    // The last call gets the arguments that came after it had begun.
    private void EndCall()
    {
        if (more.WrittenCount == 0)
        {
            return;
        }

        Calls[^1] = Calls[^1] with { ArgumentsJson = Calls[^1].ArgumentsJson + Encoding.UTF8.GetString(more.WrittenSpan) };
        more.ResetWrittenCount();
    }
}
