using System.Net;
using System.Text;

namespace Penstock.ProcessOnce;

/// <summary>Asks a gateway that keeps idempotency keys. Thread-safe.</summary>
/// <param name="client">With the gateway's base address and the caller's API key; stays the caller's.</param>
public sealed class GatewayClient(HttpClient client)
{
    /// <summary>Posts a JSON body under a key. The body must be the same bytes for the same key: make it from the event alone, without clocks or counters.</summary>
    /// <param name="path">The endpoint: <c>/v1/chat/completions</c>.</param>
    /// <param name="json">The body. Not a stream: a decision is taken as a whole.</param>
    /// <param name="key">The key, from <see cref="EventKey"/>.</param>
    /// <param name="cancellationToken">Gives up; the gateway cancels what nobody waits for.</param>
    public async Task<GatewayAnswer> AskAsync(string path, string json, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            return new(Verdict(response.StatusCode), await response.Content.ReadAsStringAsync(cancellationToken), response.Headers.RetryAfter?.Delta);
        }
        catch (HttpRequestException)
        {
            // No connection, or one that broke: whether there is a decision the next try will tell.
            return new(GatewayVerdict.Undecided, "");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The client's own time-out.
            return new(GatewayVerdict.Undecided, "");
        }
    }

    private static GatewayVerdict Verdict(HttpStatusCode status) => (int)status switch
    {
        < 300 => GatewayVerdict.Decided,
        // A wrong key or scope is the consumer's fault, not the event's.
        401 or 403 or 408 or 409 or 425 or 429 or >= 500 => GatewayVerdict.Undecided,
        _ => GatewayVerdict.Refused,
    };
}
