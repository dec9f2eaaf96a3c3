using System.Text;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary>The items of an answer as they come.</summary>
/// <param name="answer">The answer's id without its prefix.</param>
internal sealed class ResponseOutput(string answer)
{
    private readonly List<ResponseItem> items = [];

    public IReadOnlyList<ResponseItem> Items => items;

    /// <summary>Tokens of thinking that the client was shown.</summary>
    public int ReasoningTokens { get; private set; }

    /// <summary>Whether the answer ended at a limit.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Takes in an event.</summary>
    /// <param name="item">The event.</param>
    /// <param name="said">What it adds to its item.</param>
    /// <returns>Its item; null where it adds nothing.</returns>
    public ResponseItem? Take(in GenerationEvent item, out ReadOnlySpan<byte> said)
    {
        ReasoningTokens += item.Kind == GenerationEventKind.Reasoning ? item.Tokens : 0;
        said = item.Call is { } call ? Encoding.UTF8.GetBytes(call.ArgumentsJson) : item.Text.Span;
        if (item.Kind == GenerationEventKind.Finish)
        {
            Truncated = item.FinishReason != FinishReason.Stop;
            return null;
        }

        if (said.IsEmpty && item.Call is null && item.Signature is null)
        {
            return null;
        }

        if (items.Count == 0 || items[^1].Kind != item.Kind || items[^1].Signed || item.Call is not null)
        {
            items.Add(new ResponseItem(item.Kind, answer, items.Count, item.Call));
        }

        items[^1].Append(said);
        if (item.Signature is { } signature)
        {
            items[^1].Sign(signature);
        }

        return items[^1];
    }

    /// <summary>How an item ended: only the last one can have been cut.</summary>
    public string StatusOf(ResponseItem item) => Truncated && item == items[^1] ? ResponseJson.Incomplete : ResponseJson.Completed;
}
