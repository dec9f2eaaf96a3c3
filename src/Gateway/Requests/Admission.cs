using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger;

namespace Penstock.Gateway.Requests;

/// <summary>Steps 3 to 5 of a request's life, whatever it asks for: route, prepare, reserve what it may spend, write the admission row.</summary>
internal sealed class Admission(BudgetGuard budgets, IRequestLedger ledger, DrainSignal drain, TimeProvider time, ILogger<Admission> logger)
{
    /// <summary>What the client should know of an answer that it gets, a sentence each.</summary>
    private const string NoticeHeader = "x-penstock-notice";

    /// <summary>What the request says and its answer does without, an entry each: <c>field: sentence</c>.</summary>
    public const string WarningsHeader = "penstock-warnings";

    /// <summary>The admitted request; null when there is none to run, and then the client has its answer, or has left and the row has its end.</summary>
    public async ValueTask<AdmittedRequest?> AdmitAsync(HttpContext http, InferenceRequest request)
    {
        var (timeline, settings) = (RequestScope.Of(http).Timeline, RequestScope.Of(http).Settings);
        if (drain.Draining)
        {
            await ErrorResponse.WriteAsync(http.Response, ServerErrors.Stopping);
            return null;
        }

        var route = settings.Models.Find(request.Model);
        timeline.End(RequestPhase.Route);
        if (!route.Ok)
        {
            await ErrorResponse.WriteAsync(http.Response, route.Error);
            return null;
        }

        if (RequestScope.Of(http).Key?.Models.Allows(request.Model) == false)
        {
            await ErrorResponse.WriteAsync(http.Response, Authorization.OutOfScope("model", request.Model));
            return null;
        }

        var selected = Select(request, route.Value.Adapter);
        if (!selected.Ok)
        {
            await ErrorResponse.WriteAsync(http.Response, selected.Error);
            return null;
        }

        request = selected.Value;
        var target = route.Value.Model.Target;
        var live = new LiveRequest(request, target.Description, timeline, ledger, time, logger, route.Value.Reason);
        var prepared = target.Prepare(request);
        if (!prepared.Ok)
        {
            timeline.End(RequestPhase.Admit);
            await live.FinishAsync(RequestEnding.RefusedAtAdmission(prepared.Error), null);
            await ErrorResponse.WriteAsync(http.Response, prepared.Error);
            return null;
        }

        var account = await budgets.ClaimAsync(settings.Spending, request, target.Description, prepared.Value, timeline.ReceivedAt);
        if (!account.Ok)
        {
            timeline.End(RequestPhase.Admit);
            await live.FinishAsync(RequestEnding.NotRun(prepared.Value.PromptTokens, account.Error), null);
            await ErrorResponse.WriteAsync(http.Response, account.Error);
            return null;
        }

        if (await live.AdmitAsync(prepared.Value, account.Value) is { } unrecorded)
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

        Notice(http.Response, request, prepared.Value);
        return new(target.Description, prepared.Value, live);
    }

    private static void Notice(HttpResponse response, InferenceRequest request, IPreparedRequest prepared)
    {
        foreach (var notice in prepared.Notices)
        {
            response.Headers.Append(NoticeHeader, Printable(notice));
        }

        foreach (var loss in request.Losses.Concat(prepared.Losses).Take(Loss.MostDeclared))
        {
            response.Headers.Append(WarningsHeader, Printable($"{loss.Param}: {loss.Message}"));
        }
    }

    // A header's value may hold no other characters; names of tools can.
    private static string Printable(string text) => string.Concat(text.Select(character => character is < ' ' or > '~' ? '?' : character));

    /// <summary>The request with the adapter that its model's name has after a colon.</summary>
    internal static Outcome<InferenceRequest> Select(InferenceRequest request, string? adapter) =>
        adapter is null ? request
        : request.Adapter is { } own && own.Name != adapter
            ? new PenstockError(ErrorCode.InvalidRequest, "model names one adapter after its colon and adapter another. Send one of the two.", "adapter")
        : request with { Adapter = request.Adapter ?? new AdapterSelection(adapter) };
}
