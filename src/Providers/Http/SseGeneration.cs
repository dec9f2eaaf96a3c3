using System.Buffers;
using System.IO.Pipelines;
using Penstock.Contracts.Generation;

namespace Penstock.Providers.Http;

/// <summary>A streamed answer: reads server-sent events off the connection as they come, in pooled buffers.</summary>
internal abstract class SseGeneration(UpstreamConnection connection, string path, HttpContent body, int promptEstimate, TimeProvider time)
    : UpstreamGeneration(connection, path, body, promptEstimate, time)
{
    /// <summary>An event that is larger is no chunk of text.</summary>
    private const int LargestFrame = 16 << 20;

    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);

    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: 16 << 10, minimumReadSize: 2 << 10);

    private PipeReader? reader;
    private ReadOnlySequence<byte> buffer;
    private bool closed;
    private bool hasRead;

    protected sealed override async ValueTask<GenerationEvent?> ReadAsync()
    {
        reader ??= PipeReader.Create(await Call.Response!.Content.ReadAsStreamAsync(Cancelled), ReaderOptions);
        while (true)
        {
            if (TryTake(out var item))
            {
                return item;
            }

            if (IsOver)
            {
                return null;
            }

            if (closed)
            {
                return OnClosed();
            }

            if (buffer.Length > LargestFrame)
            {
                return Fail(UpstreamErrors.Malformed(Call.Target, Tally.Produced));
            }

            if (hasRead)
            {
                reader.AdvanceTo(buffer.Start, buffer.End);
            }

            var read = await reader.ReadAsync(Cancelled);
            (buffer, closed, hasRead) = (read.Buffer, read.IsCompleted, true);
        }
    }

    protected sealed override bool TryTake(out GenerationEvent item)
    {
        while (!IsOver && SseFrame.TryTake(ref buffer, out var frame))
        {
            if (Decode(frame.IsSingleSegment ? frame.First : frame.ToArray()) is { } decoded)
            {
                item = decoded;
                return true;
            }
        }

        item = default;
        return false;
    }

    /// <summary>What an event means; null when there is nothing to say of it.</summary>
    /// <param name="frame">Its bytes, with the empty line that ends it.</param>
    protected abstract GenerationEvent? Decode(ReadOnlyMemory<byte> frame);

    /// <summary>The connection was closed without a last event: the last event of the generation, or null when the answer is whole all the same.</summary>
    protected abstract GenerationEvent? OnClosed();

    protected override async ValueTask ReleaseAsync()
    {
        if (reader is not null && IsWhole && !closed)
        {
            _ = DrainAsync(reader);
            return;
        }

        await base.ReleaseAsync();
        if (reader is not null)
        {
            await reader.CompleteAsync();
        }
    }

    // Behind the last event the body still has its end. Once that is read the connection serves the next request; nobody waits for it.
    private async Task DrainAsync(PipeReader rest)
    {
        try
        {
            using var limit = new CancellationTokenSource(DrainLimit, Time);
            rest.AdvanceTo(buffer.End);
            while (await rest.ReadAsync(limit.Token) is { IsCompleted: false } read)
            {
                rest.AdvanceTo(read.Buffer.End);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or HttpRequestException)
        {
            // Then it is closed instead.
        }
        finally
        {
            await rest.CompleteAsync();
            Call.Close();
        }
    }
}
