namespace Penstock.Cli.Lab.Constraining;

/// <summary>Whether a constraint takes an instance.</summary>
/// <param name="Accepted">Every token was allowed, and the text may end after the last.</param>
/// <param name="At">Bytes that were taken.</param>
/// <param name="Why">Why it was refused; null where it was not.</param>
internal sealed record TrialResult(bool Accepted, int At, string? Why);
