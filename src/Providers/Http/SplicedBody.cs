using System.Net;
using System.Net.Http.Headers;

namespace Penstock.Providers.Http;

/// <summary>A JSON body made of pieces of the client's and of what replaces the rest: sent as they are, nothing is copied together.</summary>
internal sealed class SplicedBody : HttpContent
{
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> pieces;

    public SplicedBody(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        this.pieces = pieces;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>Headers of the client's that belong to the body.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Beside { get; init; } = [];

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var piece in pieces)
        {
            await stream.WriteAsync(piece, cancellationToken);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = pieces.Sum(piece => (long)piece.Length);
        return true;
    }
}
