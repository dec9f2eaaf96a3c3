using System.Buffers;

namespace Penstock.Providers.Http;

/// <summary>Reads whole bodies, with a bound.</summary>
internal static class AnswerBody
{
    /// <summary>2,048 vectors of 4,096 numbers as text, with room.</summary>
    public const int LargestAnswer = 256 << 20;

    /// <summary>More of an error is not looked at.</summary>
    public const int LargestError = 64 << 10;

    /// <summary>The body, or its first <paramref name="most"/> bytes.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="most">More is not read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="received">Told how many bytes have come; null where nobody wants to know.</param>
    /// <exception cref="IOException">It ended early.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, int most, CancellationToken cancellationToken, Action<int>? received = null)
    {
        var known = (int)Math.Clamp(response.Content.Headers.ContentLength + 1 ?? 4096, 256, most);
        var body = new ArrayBufferWriter<byte>(known);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (body.WrittenCount < most)
        {
            var read = await stream.ReadAsync(body.GetMemory(1), cancellationToken);
            if (read == 0)
            {
                break;
            }

            body.Advance(read);
            received?.Invoke(body.WrittenCount);
        }

        return body.WrittenMemory;
    }
}
