using Microsoft.Extensions.AI;

namespace Penstock.Cli.Chat;

/// <summary>A model to talk to, and what its last answer cost.</summary>
internal interface IChatSession : IAsyncDisposable
{
    IChatClient Client { get; }

    /// <summary>The model's name.</summary>
    string Model { get; }

    /// <summary>What to expect of the model, in one line; null where that is unknown.</summary>
    string? Introduction => null;

    /// <summary>What the last answer cost, once it has ended in whatever way.</summary>
    /// <param name="received">Pieces of text that arrived.</param>
    AnswerCost LastCost(int received);
}
