using System.Text;
using System.Text.Json;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;

namespace Penstock.Providers.Reading;

/// <summary>
/// What a client has been given of one answer, so that another target can go on with it. Only plain text is certain: a call or thinking that was begun, or bytes that are not
/// understood, cannot be resumed. One user at a time.
/// </summary>
public sealed class AnswerTranscript
{
    private readonly IAnswerReader? reader;
    private readonly StringBuilder text = new();
    private readonly List<GenerationEvent> events = [];
    private bool uncertain;
    private string? id;
    private string? model;
    private long? created;
    private int block;

    private AnswerTranscript(IAnswerReader? reader) => this.reader = reader;

    /// <summary>What was delivered, when the answer can go on from it; null otherwise.</summary>
    public string? Text => uncertain || text.Length == 0 ? null : text.ToString();

    /// <summary>A transcript of the answers to a request; null when they could not be resumed: only one streamed choice of a chat can, that nothing constrains and whose probabilities nobody wants.</summary>
    public static AnswerTranscript? For(InferenceRequest request) =>
        request is { Kind: RequestKind.Chat, Stream: true, Choices: 1, Messages.Count: > 0, Constraint: null, Sampling.TopLogProbs: null }
            ? new(request.Wire?.Form switch { WireForm.ChatCompletions => new ChatAnswerReader(), WireForm.Messages => new MessageAnswerReader(), _ => null })
            : null;

    /// <summary>An event went out.</summary>
    public void Take(in GenerationEvent item)
    {
        if (uncertain)
        {
            return;
        }

        if (item.Wire.IsEmpty)
        {
            Add(item);
            return;
        }

        events.Clear();
        uncertain |= reader is null || !ProviderFrames.All(item.Wire, Read);
        events.ForEach(one => Add(one));
    }

    /// <summary>How what follows is to begin.</summary>
    /// <param name="notice">What the client is told.</param>
    public ResumedAnswer Resumed(string notice) => new(notice) { Id = id, Model = model, Created = created, Block = block };

    private bool Read(ReadOnlyMemory<byte> json)
    {
        if (!reader!.TryRead(json, events))
        {
            return false;
        }

        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
        var chunk = document.RootElement;
        block = chunk.Text("type") == "content_block_start" ? chunk.Count("index") ?? block : block;

        // What comes behind a block that has ended may be of any kind.
        uncertain |= chunk.Text("type") == "content_block_stop";

        id ??= chunk.Text("id");
        model ??= chunk.Text("model");
        created ??= chunk.Count("created");
        return true;
    }

    private void Add(in GenerationEvent item)
    {
        uncertain |= item.Kind is not GenerationEventKind.Text || item.Choice != 0;
        text.Append(Encoding.UTF8.GetString(item.Text.Span));
    }
}
