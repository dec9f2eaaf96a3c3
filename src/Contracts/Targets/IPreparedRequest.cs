using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;

namespace Penstock.Contracts.Targets;

/// <summary>A request that fits the target and can be started once. Between preparing and starting the ledger writes its admission row.</summary>
public interface IPreparedRequest
{
    /// <summary>Tokens of the prompt (all inputs of an embedding request together).</summary>
    int PromptTokens { get; }

    /// <summary>The most tokens that the prompt can turn out to have, where <see cref="PromptTokens"/> is an estimate.</summary>
    int MaxPromptTokens => PromptTokens;

    /// <summary>The most tokens that it can sample, over all choices: with the prompt, the worst case that a budget reserves. 0 for embeddings.</summary>
    int MaxOutputTokens => 0;

    /// <summary>How many calls may each cost that much before there is an answer: 1, unless a call that has produced something may be made again or beside another.</summary>
    int ChargedCalls => 1;

    /// <summary>The targets that may answer it, by their own models' names, when the one that prepared it only passes it on; empty otherwise.</summary>
    IReadOnlyList<TargetDescription> Candidates => [];

    /// <summary>Digest of what will compute the answer, its adapter included; null = the target's own.</summary>
    string? Fingerprint => null;

    /// <summary>What the client should know although the request is taken: one sentence each, such as which tool's schema could not be enforced.</summary>
    IReadOnlyList<string> Notices => [];

    /// <summary>What the request says that the target's own form cannot; empty for a target that takes requests as they are.</summary>
    IReadOnlyList<Loss> Losses => [];

    /// <summary>Queues a chat or completion. A full queue is a value: <see cref="Errors.ErrorCode.QueueFull"/> with a Retry-After.</summary>
    Outcome<IGeneration> Start();

    /// <summary>Runs an embedding request: one vector an input, in order. Cancelling the token stops it within a step: then there are no vectors and the summary says what was computed.</summary>
    ValueTask<Outcome<EmbeddingResult>> EmbedAsync(CancellationToken cancellationToken);
}
