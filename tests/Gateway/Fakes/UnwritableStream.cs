namespace Penstock.Gateway.Tests.Fakes;

/// <summary>A response body to which nothing can be written.</summary>
internal sealed class UnwritableStream : MemoryStream
{
    public override void Write(byte[] buffer, int offset, int count) => throw new IOException("The connection is gone.");

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The connection is gone.");
}
