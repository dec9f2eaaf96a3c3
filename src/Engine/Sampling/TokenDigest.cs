using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Penstock.Engine.Sampling;

/// <summary>
/// A digest of a choice's tokens as they are sampled, each with its margin: the largest logit less the second largest. Equal digests
/// mean the same tokens and, with overwhelming likelihood, the same logits behind them; a margin shows a difference long before a token does.
/// </summary>
/// <remarks>
/// The state begins with zeros. After every eighth token it is SHA-256 of the state before and of the eight, each as 32 bits, little-endian, and
/// its margin's bits likewise; at the end the same is done with the tokens that are left over, if any. Allocates nothing for a token.
/// </remarks>
internal struct TokenDigest
{
    /// <summary>Bytes of a digest.</summary>
    public const int Bytes = 16;

    // A hash costs a microsecond however little it is of.
    private const int TokensOfAHash = 8;
    private const int TokenBytes = 8;

    private State state;
    private Tail tail;
    private int pending;

    public void Add(int token, float margin)
    {
        var place = ((Span<byte>)tail)[(pending * TokenBytes)..];
        BinaryPrimitives.WriteInt32LittleEndian(place, token);
        BinaryPrimitives.WriteSingleLittleEndian(place[4..], margin);
        if (++pending == TokensOfAHash)
            Fold();
    }

    /// <summary>The digest of several choices in their order, 128 bits in hexadecimal digits. That of one choice is its own state's first half.</summary>
    public static string Join(ReadOnlySpan<TokenDigest> choices)
    {
        Span<byte> final = stackalloc byte[SHA256.HashSizeInBytes];
        if (choices.Length == 1)
        {
            choices[0].Final(final);
            return Convert.ToHexStringLower(final[..Bytes]);
        }

        using var joined = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ref readonly var choice in choices)
        {
            choice.Final(final);
            joined.AppendData(final);
        }

        return Convert.ToHexStringLower(joined.GetHashAndReset().AsSpan(0, Bytes));
    }

    private readonly void Final(Span<byte> destination)
    {
        var copy = this;
        if (copy.pending > 0)
            copy.Fold();
        ((ReadOnlySpan<byte>)copy.state).CopyTo(destination);
    }

    private void Fold()
    {
        Span<byte> block = stackalloc byte[SHA256.HashSizeInBytes + (TokensOfAHash * TokenBytes)];
        ((ReadOnlySpan<byte>)state).CopyTo(block);
        ((ReadOnlySpan<byte>)tail).CopyTo(block[SHA256.HashSizeInBytes..]);
        SHA256.HashData(block[..(SHA256.HashSizeInBytes + (pending * TokenBytes))], state);
        pending = 0;
    }

    [InlineArray(SHA256.HashSizeInBytes)]
    private struct State
    {
        private byte first;
    }

    [InlineArray(TokensOfAHash * TokenBytes)]
    private struct Tail
    {
        private byte first;
    }
}
