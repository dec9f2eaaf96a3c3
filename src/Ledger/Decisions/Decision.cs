namespace Penstock.Ledger.Decisions;

/// <summary>The head of an answer that is kept; its body is in its segments.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">The headers that belong to the answer, in their order.</param>
/// <param name="Segments">How many segments the body has.</param>
public sealed record Decision(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, int Segments);
