using System.Net;

namespace Penstock.Gateway.Tests.Idempotency;

/// <summary>An answer as its client had it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">Its content type.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="Replayed">Whether it says that it was made for another request.</param>
/// <param name="RequestId">Whose it is.</param>
internal sealed record Ask(HttpStatusCode Status, string? Type, string Body, bool Replayed, string RequestId)
{
    public static async Task<Ask> Of(Task<HttpResponseMessage> sent, CancellationToken leaving = default)
    {
        using var response = await sent;
        return new(
            response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            await response.Content.ReadAsStringAsync(leaving),
            response.Headers.TryGetValues("idempotency-replayed", out var values) && values.Single() == "true",
            response.Headers.GetValues("x-request-id").Single());
    }

    /// <summary>What must be equal for all that send one key.</summary>
    public (HttpStatusCode, string?, string, string) Content => (Status, Type, Body, RequestId);
}
