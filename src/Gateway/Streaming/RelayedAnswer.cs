using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Gateway.Errors;

namespace Penstock.Gateway.Streaming;

/// <summary>A whole answer that a provider wrote: its body as it came, the last byte of it when the record is on disk.</summary>
internal sealed class RelayedAnswer(HttpResponse response) : IAnswerWriter
{
    private ReadOnlyMemory<byte> body;
    private ReadOnlyMemory<byte> last;

    public ValueTask BeginAsync() => ValueTask.CompletedTask;

    public void Write(in GenerationEvent item) => body = item.Wire.IsEmpty ? body : item.Wire;

    public ValueTask<bool> FlushAsync() => ValueTask.FromResult(false);

    public async ValueTask CompleteAsync(GenerationSummary summary) => last = await JsonResponse.WriteAllButLastAsync(response, body);

    public async ValueTask EndAsync() => await response.BodyWriter.WriteAsync(last);

    public async ValueTask FailAsync(PenstockError error) => await ErrorResponse.WriteAsync(response, error);
}
