namespace Penstock.Gateway.Tenancy;

/// <summary>What a key was before it was rotated: taken for a while yet, so that its users can change over one after the other.</summary>
/// <param name="Sha256">SHA-256 of the former key's UTF-8 bytes: 32 bytes.</param>
/// <param name="Until">From then on it is refused.</param>
public sealed record FormerKey(ReadOnlyMemory<byte> Sha256, DateTimeOffset Until);
