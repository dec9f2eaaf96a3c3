using Penstock.Contracts.Requests;

namespace Penstock.Lab.Subjects;

/// <summary>One chat of one message. Immutable.</summary>
/// <param name="Prompt">The message.</param>
/// <param name="OutputTokens">Most tokens of the answer; exactly as many where <see cref="Extended"/> holds.</param>
public sealed record Question(string Prompt, int OutputTokens)
{
    /// <summary>0 = greedy.</summary>
    public float Temperature { get; init; }

    /// <summary>Null: the subject draws one.</summary>
    public long? Seed { get; init; }

    public bool Stream { get; init; } = true;

    /// <summary>Ask for the tokens one by one (<c>logprobs</c>), so that answers are compared token by token.</summary>
    public bool Tokens { get; init; }

    /// <summary>Ask for an answer that does not depend on what else runs (<c>deterministic</c>).</summary>
    public bool Deterministic { get; init; }

    /// <summary>Send what only Penstock knows: <see cref="Class"/>, <see cref="CacheSalt"/>, a receipt, and to run on past the end of the answer.</summary>
    public bool Extended { get; init; }

    /// <summary>Sent when <see cref="Extended"/>.</summary>
    public ServiceClass Class { get; init; } = ServiceClass.Standard;

    /// <summary>Sent when <see cref="Extended"/>; null = the tenant's own.</summary>
    public string? CacheSalt { get; init; }

    /// <summary>Who asks: an index into the subject's keys or tenants, taken modulo their number.</summary>
    public int Caller { get; init; }

    /// <summary>Leave once something of so many tokens has come; null = stay. Streams only.</summary>
    public int? LeaveAfterTokens { get; init; }
}
