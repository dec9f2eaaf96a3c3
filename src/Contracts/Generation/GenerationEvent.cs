using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;

namespace Penstock.Contracts.Generation;

/// <summary>
/// One thing that happened to one choice of a generation. A value type: the per-token path allocates nothing.
/// For each choice: any number of <see cref="GenerationEventKind.Text"/>, <see cref="GenerationEventKind.Reasoning"/> and
/// <see cref="GenerationEventKind.ToolCall"/>, then one <see cref="GenerationEventKind.Finish"/>.
/// An <see cref="GenerationEventKind.Error"/> ends all choices at once.
/// </summary>
public readonly struct GenerationEvent
{
    public required GenerationEventKind Kind { get; init; }

    /// <summary>Index of the choice, from 0.</summary>
    public int Choice { get; init; }

    /// <summary>
    /// Sampled tokens that this event stands for: normally 1. More when text was held back and is now released; a finish
    /// carries the end-of-generation token (1), if there was one. 0 with text: the rest of a token that was counted before. A
    /// token counts once one of its bytes is shown; over all events, plus trimmed and cancelled ones, the sum is what was sampled.
    /// </summary>
    public int Tokens { get; init; }

    /// <summary>Whole UTF-8 characters, safe to show and never taken back. Valid until the generation is disposed. May be empty.</summary>
    public ReadOnlyMemory<byte> Text { get; init; }

    /// <summary>
    /// The provider's own bytes, in the wire form of the request: whole server-sent events of a stream, or the whole body of an answer that is not streamed.
    /// Forwarded as they are; what the other members say is then for the books only. Valid until the next <see cref="IGeneration.TryRead"/> or
    /// <see cref="IGeneration.WaitToReadAsync"/>, a whole body until the generation is disposed. Empty for what was computed here or translated.
    /// </summary>
    public ReadOnlyMemory<byte> Wire { get; init; }

    /// <summary>For a tool call that begins: the call with its arguments so far. A tool call without it has more of the last one's arguments as its <see cref="Text"/>.</summary>
    public ToolCall? Call { get; init; }

    /// <summary>For thinking: what its provider will recognise it by, behind all of its text; see <see cref="ChatMessage.ReasoningSignature"/>. Null otherwise.</summary>
    public string? Signature { get; init; }

    /// <summary>One entry a token when log-probabilities were asked for, else null.</summary>
    public IReadOnlyList<TokenLogProb>? LogProbs { get; init; }

    /// <summary><see cref="TimeProvider.GetTimestamp"/> of the step that made the last of these tokens.</summary>
    public long Timestamp { get; init; }

    /// <summary>For a finish: why and by whom.</summary>
    public FinishReason FinishReason { get; init; }

    /// <inheritdoc cref="FinishReason"/>
    public FinishCause FinishCause { get; init; }

    /// <summary>For a finish: the stop string of the request that ended the choice; null where none did.</summary>
    public string? StopText { get; init; }

    /// <summary>For the first event behind a break: that and how another target goes on with the answer. Canonical from here on, whatever came before. Null otherwise.</summary>
    public ResumedAnswer? Resumed { get; init; }

    /// <summary>For an error: what happened.</summary>
    public PenstockError? Error { get; init; }
}
