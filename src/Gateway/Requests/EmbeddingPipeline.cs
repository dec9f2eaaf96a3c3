using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Gateway.Endpoints.Embeddings;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Requests;

/// <summary>Steps 3 to 11 of an embedding request's life.</summary>
internal sealed class EmbeddingPipeline(Admission admission, DrainSignal drain)
{
    public async Task RunAsync(HttpContext http, InferenceRequest request, bool base64)
    {
        using var presence = drain.Enter();
        if (await admission.AdmitAsync(http, request) is var (_, prepared, live))
        {
            RequestScope.Of(http).Timeline.End(RequestPhase.Admit);
            await EmbedAsync(http, request, prepared, live, base64);
        }
    }

    private async Task EmbedAsync(HttpContext http, InferenceRequest request, IPreparedRequest prepared, LiveRequest live, bool base64)
    {
        var gone = http.RequestAborted;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(gone, drain.Expired);
        var outcome = await live.EmbedAsync(prepared, stop.Token);
        var interruption = drain.Expired.IsCancellationRequested ? Interruption.Server : gone.IsCancellationRequested ? Interruption.Client : Interruption.None;
        if (!outcome.Ok)
        {
            await Refusal.WriteAsync(http.Response, live, outcome.Error);
            return;
        }

        var result = outcome.Value;
        var failure = result.Failure ?? AnswerEnd.Failure(result.Summary, interruption);
        ReadOnlyMemory<byte> last = default;
        try
        {
            if (failure is null && !gone.IsCancellationRequested)
            {
                last = result.Wire.IsEmpty
                    ? await JsonResponse.WriteAllButLastAsync(http.Response, json => EmbeddingJson.Write(json, request.Model, result.Vectors, prepared.PromptTokens, base64))
                    : await JsonResponse.WriteAllButLastAsync(http.Response, result.Wire);
                if (!gone.IsCancellationRequested)
                {
                    live.Delivery.Flushed();
                }
            }
        }
        finally
        {
            await live.FinishAsync(RequestEnding.Of(result.Summary, live.Delivery, interruption, failure), result.Summary);
        }

        if (failure is not null)
        {
            await ErrorResponse.WriteAsync(http.Response, failure);
        }
        else if (!last.IsEmpty)
        {
            RequestScope.Of(http).Completing?.Invoke();
            await http.Response.BodyWriter.WriteAsync(last);
        }
    }
}
