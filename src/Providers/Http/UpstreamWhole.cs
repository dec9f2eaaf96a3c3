using System.Text.Json;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;

namespace Penstock.Providers.Http;

/// <summary>An answer that is not streamed: one event with the whole body. How a family says its end, usage and errors is the subclass's business.</summary>
internal abstract class UpstreamWhole(UpstreamConnection connection, string path, HttpContent body, int promptEstimate, TimeProvider time)
    : UpstreamGeneration(connection, path, body, promptEstimate, time)
{
    private const int MaxDepth = 256;

    protected sealed override async ValueTask<GenerationEvent?> ReadAsync() => Read(await ReadBodyAsync());

    protected sealed override bool TryTake(out GenerationEvent item)
    {
        item = default;
        return false;
    }

    /// <summary>What the body says: <see cref="Ended"/>, or a failure.</summary>
    protected abstract GenerationEvent Read(ReadOnlyMemory<byte> body);

    /// <summary>Reads the body as a document; what is none is malformed.</summary>
    protected GenerationEvent ReadDocument(ReadOnlyMemory<byte> body, Func<JsonElement, ReadOnlyMemory<byte>, GenerationEvent> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return read(document.RootElement, body);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return FailMalformed(body);
        }
    }

    /// <summary>The end of the answer, with all its tokens.</summary>
    /// <param name="body">The answer as it came.</param>
    /// <param name="reason">Why it ended.</param>
    /// <param name="estimate">Tokens of its content, which count where it gives no usage.</param>
    protected GenerationEvent Ended(ReadOnlyMemory<byte> body, FinishReason reason, int estimate)
    {
        Tally.Count(estimate);
        var tokens = estimate + Tally.Correct();
        ChoiceEnded(reason);
        End();
        return new GenerationEvent
        {
            Kind = GenerationEventKind.Finish,
            Tokens = tokens,
            Wire = body,
            Timestamp = Tally.LastTokenAt,
            FinishReason = reason,
            FinishCause = reason == FinishReason.Length ? FinishCause.Request : FinishCause.Model,
        };
    }
}
