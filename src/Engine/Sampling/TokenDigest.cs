using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Penstock.Engine.Sampling;

/// <summary>
/// A digest of a choice's tokens as they are sampled, each with its margin: the largest logit less the second largest. Equal digests
/// mean the same tokens and, with overwhelming likelihood, the same logits behind them; a margin shows a difference long before a token does.
/// </summary>
/// <remarks>The state after a token is SHA-256 of the state before it, the token (32 bits, little-endian) and the margin's bits (likewise); it begins with zeros. Allocates nothing for a token.</remarks>
internal struct TokenDigest
{
    /// <summary>Bytes of a digest.</summary>
    public const int Bytes = 16;

    private State state;

    public void Add(int token, float margin)
    {
        Span<byte> block = stackalloc byte[SHA256.HashSizeInBytes + 8];
        ((ReadOnlySpan<byte>)state).CopyTo(block);
        BinaryPrimitives.WriteInt32LittleEndian(block[SHA256.HashSizeInBytes..], token);
        BinaryPrimitives.WriteSingleLittleEndian(block[(SHA256.HashSizeInBytes + 4)..], margin);
        SHA256.HashData(block, state);
    }

    /// <summary>The digest of several choices in their order, 128 bits in hexadecimal digits. That of one choice is its own state's first half.</summary>
    public static string Join(ReadOnlySpan<TokenDigest> choices)
    {
        if (choices.Length == 1)
            return Convert.ToHexStringLower(((ReadOnlySpan<byte>)choices[0].state)[..Bytes]);

        using var joined = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ref readonly var choice in choices)
            joined.AppendData((ReadOnlySpan<byte>)choice.state);
        return Convert.ToHexStringLower(joined.GetHashAndReset().AsSpan(0, Bytes));
    }

    [InlineArray(SHA256.HashSizeInBytes)]
    private struct State
    {
        private byte first;
    }
}
