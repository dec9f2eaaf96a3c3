namespace Penstock.Contracts.Errors;

/// <summary>What a provider did instead of answering. Holds nothing that it or the client wrote.</summary>
/// <param name="Kind">How it failed.</param>
/// <param name="Status">Its HTTP status; null when none came.</param>
/// <param name="Produced">Whether it had produced anything of an answer: then the call is likely billed.</param>
public sealed record UpstreamFault(FaultKind Kind, int? Status = null, bool Produced = false);
