using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Requests;

namespace Penstock.Gateway.Endpoints;

/// <summary>What concerns all tenants takes an operator's key where keys are configured.</summary>
internal static class OperatorsOnly
{
    /// <summary>Whether the caller may; if not, the answer has been sent.</summary>
    /// <param name="http">The request.</param>
    /// <param name="what">What it is about: <c>The engine's status names all tenants</c>.</param>
    public static async ValueTask<bool> AllowAsync(HttpContext http, string what)
    {
        var scope = RequestScope.Of(http);
        if (scope.Settings.Keys.IsOpen || scope.Operator)
        {
            return true;
        }

        await ErrorResponse.WriteAsync(http.Response, new(ErrorCode.InvalidApiKey, $"{what}: it takes an operator's key, one with operator: true in penstock.yaml."));
        return false;
    }
}
