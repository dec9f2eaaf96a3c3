using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Wire;
using Penstock.Ledger.Decisions;

namespace Penstock.Gateway.Idempotency;

/// <summary>
/// The step between authorization and the endpoints (<c>docs/idempotency.md</c>): a request with an <c>Idempotency-Key</c> is run once, apart from its connection, and whoever sends it
/// again gets the same answer. One without pays a look at its headers.
/// </summary>
internal sealed class IdempotentRequests(RunningAnswers answers, AnswerServices services, ServeOptions options, IServiceProvider provider, RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http) =>
        http.Request.Headers.TryGetValue(IdempotencyKey.Header, out var values) && IdempotencyKey.PathOf(http.Request) is { } path ? AnswerAsync(http, path, values) : next(http);

    private async Task AnswerAsync(HttpContext http, string path, StringValues values)
    {
        var key = IdempotencyKey.Read(values);
        if (!key.Ok)
        {
            await ErrorResponse.WriteAsync(http.Response, key.Error);
            return;
        }

        if (await ReadBodyAsync(http.Request.BodyReader, options.MaxBodyBytes, http.RequestAborted) is not { } body)
        {
            // Without the body nobody knows what is asked, so there is nothing to decide; and the same body is too large again.
            await ErrorResponse.WriteAsync(http.Response, RequestBody.TooLarge(options.MaxBodyBytes));
            return;
        }

        var caller = RequestScope.Of(http).Caller;
        using var presence = services.Drain.Enter();
        if (answers.Join(DecisionKey.Of(caller.Tenant, caller.ApiKeyId, path, key.Value, body), out var first) is not { } answer)
        {
            await ErrorResponse.WriteAsync(http.Response, IdempotencyErrors.OtherBody);
            return;
        }

        try
        {
            if (first)
            {
                // Not awaited: it belongs to nobody's connection.
                _ = MakeAsync(answer, DetachedRequest.From(http, body, answer.Response, provider, answer.Gone));
            }

            await new AnswerReader(answer, first, StreamFlag.Of(body), services).DeliverAsync(http);
        }
        finally
        {
            answers.Leave(answer);
        }
    }

    private async Task MakeAsync(RunningAnswer answer, HttpContext detached)
    {
        var settings = RequestScope.Of(detached).Settings;
        settings.Hold();
        await answer.RunAsync(detached, next, () => answers.Retire(answer));
        settings.Release();
        answers.End(answer);
    }

    private static async ValueTask<byte[]?> ReadBodyAsync(PipeReader reader, long maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > maxBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
