namespace Penstock.Tools.Oracle.Fixtures;

/// <summary>The logits of one position.</summary>
/// <param name="Position">Of the token that they follow.</param>
/// <param name="Logits">All of them: little-endian 32-bit floats in Base64.</param>
internal sealed record FixtureRow(int Position, string Logits);
