using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Errors;

namespace Penstock.Gateway.Requests;

/// <summary>The end of a request that has its admission row but that the target did not run.</summary>
internal static class Refusal
{
    /// <summary>Writes the record, then answers with the error.</summary>
    public static async Task WriteAsync(HttpResponse response, LiveRequest live, PenstockError error)
    {
        await live.FinishAsync(RequestEnding.NotRun(live.PromptTokens, error), null);
        await ErrorResponse.WriteAsync(response, error);
    }
}
