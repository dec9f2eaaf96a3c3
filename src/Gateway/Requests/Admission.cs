using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Ledger;

namespace Penstock.Gateway.Requests;

/// <summary>Steps 3 to 5 of a request's life, whatever it asks for: route, prepare, write the admission row.</summary>
internal sealed class Admission(ModelCatalog models, IRequestLedger ledger, DrainSignal drain, TimeProvider time, ILogger<Admission> logger)
{
    /// <summary>The admitted request; null when there is none to run, and then the client has its answer, or has left and the row has its end.</summary>
    public async ValueTask<AdmittedRequest?> AdmitAsync(HttpContext http, InferenceRequest request)
    {
        var timeline = RequestScope.Of(http).Timeline;
        if (drain.Draining)
        {
            await ErrorResponse.WriteAsync(http.Response, ServerErrors.Stopping);
            return null;
        }

        var route = models.Find(request.Model);
        timeline.End(RequestPhase.Route);
        if (!route.Ok)
        {
            await ErrorResponse.WriteAsync(http.Response, route.Error);
            return null;
        }

        var target = route.Value.Target;
        var live = new LiveRequest(request, target.Description, timeline, ledger, time, logger);
        var prepared = target.Prepare(request);
        if (!prepared.Ok)
        {
            timeline.End(RequestPhase.Admit);
            await live.FinishAsync(RequestEnding.RefusedAtAdmission(prepared.Error), null);
            await ErrorResponse.WriteAsync(http.Response, prepared.Error);
            return null;
        }

        if (await live.AdmitAsync(prepared.Value.PromptTokens) is { } unrecorded)
        {
            await ErrorResponse.WriteAsync(http.Response, unrecorded);
            return null;
        }

        if (http.RequestAborted.IsCancellationRequested)
        {
            timeline.End(RequestPhase.Admit);
            await live.FinishAsync(RequestEnding.LeftBeforeStart(live.PromptTokens), null);
            return null;
        }

        return new(target.Description, prepared.Value, live);
    }
}
