using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Errors;

namespace Penstock.Gateway.Requests;

/// <summary>The end of a request that has its admission row but that the target did not run.</summary>
internal static class Refusal
{
    /// <summary>Answers with the error and writes the record, whether or not the client can be told.</summary>
    public static async Task WriteAsync(HttpResponse response, LiveRequest live, PenstockError error)
    {
        try
        {
            await ErrorResponse.WriteAsync(response, error);
        }
        finally
        {
            await live.FinishAsync(RequestEnding.NotRun(live.PromptTokens, error), null);
        }
    }
}
