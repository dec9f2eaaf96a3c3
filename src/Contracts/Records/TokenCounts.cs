namespace Penstock.Contracts.Records;

/// <summary>Where a request's tokens went. All counts are of tokens, over all choices, and never negative.</summary>
/// <remarks>
/// The laws: <c>Prompt = Cached + Prefilled + NotReached</c>,
/// <c>Sampled = DeliveredVisible + HiddenReasoning + Discarded</c>, <c>Drafted = Accepted + Rejected</c>.
/// An end-of-generation token is sampled, and delivered with the finish that it causes.
/// </remarks>
public readonly record struct TokenCounts
{
    /// <summary>Tokens of the prompt, counted once however many choices there are.</summary>
    public int Prompt { get; init; }

    /// <summary>Prompt tokens whose KV was there already.</summary>
    public int Cached { get; init; }

    /// <summary>Prompt tokens computed for this request.</summary>
    public int Prefilled { get; init; }

    /// <summary>Prompt tokens that were never computed, since the request ended first.</summary>
    public int NotReached { get; init; }

    /// <summary>Tokens sampled.</summary>
    public int Sampled { get; init; }

    /// <summary>Sampled tokens whose text was flushed to a client that was still there.</summary>
    public int DeliveredVisible { get; init; }

    /// <summary>Sampled tokens of reasoning that the client is not shown.</summary>
    public int HiddenReasoning { get; init; }

    /// <summary>Sampled, then thrown away because the request was cancelled in the engine.</summary>
    public int DiscardedCancelled { get; init; }

    /// <summary>Sampled and handed over, but the client had left before the flush.</summary>
    public int DiscardedDisconnected { get; init; }

    /// <summary>Sampled, but part of a stop string that is never shown.</summary>
    public int DiscardedTrimmed { get; init; }

    /// <summary>Tokens proposed by speculation.</summary>
    public int Drafted { get; init; }

    /// <summary>Proposed tokens that the model agreed with.</summary>
    public int Accepted { get; init; }

    /// <summary>Proposed tokens that it did not.</summary>
    public int Rejected { get; init; }

    /// <summary>All that was sampled for nobody.</summary>
    public int Discarded => DiscardedCancelled + DiscardedDisconnected + DiscardedTrimmed;
}
