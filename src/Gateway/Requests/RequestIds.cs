using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Penstock.Gateway.Requests;

/// <summary>Makes request ids: 26 characters of Crockford's base 32 that sort by time (the ULID layout: 48 bits of milliseconds, 80 random bits). Thread-safe.</summary>
public sealed class RequestIds(TimeProvider time)
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>An id without a prefix; the wire forms put <c>req_</c>, <c>chatcmpl-</c> and the like in front.</summary>
    public string Next()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        var value = new UInt128(
            (ulong)time.GetUtcNow().ToUnixTimeMilliseconds() << 16 | BinaryPrimitives.ReadUInt16LittleEndian(random),
            BinaryPrimitives.ReadUInt64LittleEndian(random[8..]));
        return string.Create(26, value, static (text, rest) =>
        {
            for (var i = text.Length - 1; i >= 0; i--)
            {
                text[i] = Alphabet[(int)(rest & 31)];
                rest >>= 5;
            }
        });
    }
}
