using Penstock.Cli.Bench.Load;

namespace Penstock.Cli.Bench.Cancel;

/// <summary>What leaving cost. The property names are the JSON's.</summary>
internal sealed record CancelReport
{
    public required string Phase { get; init; }

    public required bool Stream { get; init; }

    /// <summary>Clients that left in mid-request.</summary>
    public required int N { get; init; }

    /// <summary>Tokens computed for a client that had left.</summary>
    public required MeanAndMax WastedTokens { get; init; }

    /// <summary>Where that is known from: <c>ledger</c>, or <c>delay</c> of the next request (an estimate).</summary>
    public required string WastedFrom { get; init; }

    /// <summary>How long a tiny request took that was sent the moment after.</summary>
    public required Distribution NextRequestMs { get; init; }

    /// <summary>The same tiny request on the idle server.</summary>
    public required Distribution IdleRequestMs { get; init; }

    /// <summary>In which phase the server's records say that the requests ended; empty without a ledger.</summary>
    public required IReadOnlyDictionary<string, int> LeftIn { get; init; }

    /// <summary>Requests that were done before their client could leave, and so were not counted.</summary>
    public required int TooLate { get; init; }

    /// <summary>Tokens of the prompt of the one who leaves (in phase queued: of the one ahead).</summary>
    public required int? PromptTokens { get; init; }
}
