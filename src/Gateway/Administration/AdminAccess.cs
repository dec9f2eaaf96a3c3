using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger;
using Penstock.Providers.Credentials;

namespace Penstock.Gateway.Administration;

/// <summary>The edge of the administration's API: who may, and what falls through. Without a credential only programs on this machine may.</summary>
internal sealed class AdminAccess(LiveCredential credential, ILogger<AdminAccess> logger, RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            if (await RefuseAsync(http) is { } refused)
            {
                await AdminAnswer.RefuseAsync(http, refused);
                return;
            }

            await next(http);
            if (http.Response.StatusCode >= 400 && !http.Response.HasStarted && http.Response.ContentLength is null)
            {
                await AdminAnswer.RefuseAsync(http, http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
                    ? new(ErrorCode.MethodNotAllowed, $"This path answers {http.Response.Headers.Allow} only. /admin/v1/openapi.json lists what there is.")
                    : new(ErrorCode.NotFound, "There is nothing at this path. /admin/v1/openapi.json lists what there is."));
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            // The caller left: there is nobody to answer.
        }
        catch (LedgerException away)
        {
            await AdminAnswer.RefuseAsync(http, new(ErrorCode.LedgerFailed, $"Nothing was changed: {away.Message}"));
        }
        catch (Exception exception)
        {
            GatewayLog.AdministrationFailed(logger, exception, http.Request.Method, http.Request.Path);
            await AdminAnswer.RefuseAsync(http, new(ErrorCode.Internal, "The server failed in a way that was not foreseen. Its log has more."));
        }
    }

    private async ValueTask<PenstockError?> RefuseAsync(HttpContext http)
    {
        if (credential.Source is null)
        {
            return LocalCallers.Refuse(http.Request);
        }

        if (PresentedKey.Of(http.Request.Headers) is { } presented && (credential.Current!.Matches(presented) || await IsRotatedAsync(presented, http.RequestAborted)))
        {
            return null;
        }

        return new(ErrorCode.InvalidApiKey, "The administration needs its credential. Send it in the header authorization: Bearer <key>.");
    }

    // It may have been rotated where it is kept. A command is not run because somebody guesses.
    private async ValueTask<bool> IsRotatedAsync(string presented, CancellationToken cancellationToken) =>
        credential.Source!.Kind == CredentialKind.File && await credential.ReadAsync(cancellationToken) is null && credential.Current!.Matches(presented);
}
