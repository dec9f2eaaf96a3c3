using Penstock.Contracts.Errors;

namespace Penstock.Providers.Http;

/// <summary>One call of a provider, under way since it was made.</summary>
/// <param name="connection">The provider.</param>
/// <param name="path">Below its base address.</param>
/// <param name="body">What to send; null for a GET.</param>
/// <param name="cancellationToken">Ends it at any point.</param>
internal sealed class UpstreamCall(UpstreamConnection connection, string path, HttpContent? body, TimeProvider time, CancellationToken cancellationToken)
{
    private readonly Task<HttpResponseMessage> sending = connection.SendAsync(path, body, cancellationToken);

    public string Target => connection.Options.Name;

    /// <summary>The answer, once its headers are there; null until then.</summary>
    public HttpResponseMessage? Response { get; private set; }

    /// <summary>Waits for the headers; null when the status is a good one.</summary>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async ValueTask<PenstockError?> OpenAsync()
    {
        try
        {
            Response = await sending;
            if (Response.IsSuccessStatusCode)
            {
                return null;
            }

            var wait = UpstreamErrors.RetryAfter(Response, time.GetUtcNow());
            var text = await AnswerBody.ReadAsync(Response, AnswerBody.LargestError, cancellationToken);
            return UpstreamErrors.OfStatus(Target, (int)Response.StatusCode, text.Span, wait);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Response is null
                ? UpstreamErrors.OfSending(Target, exception)
                : UpstreamErrors.OfStatus(Target, (int)Response.StatusCode, default, UpstreamErrors.RetryAfter(Response, time.GetUtcNow()));
        }
    }

    /// <summary>Lets go of the answer, also of one that is still to come.</summary>
    public void Close()
    {
        if (Response is not null)
        {
            Response.Dispose();
            return;
        }

        _ = sending.ContinueWith(
            static sent =>
            {
                if (sent.IsCompletedSuccessfully)
                {
                    sent.Result.Dispose();
                }
                else
                {
                    // Looked at, so that nobody reports it: whoever let go does not want to know.
                    _ = sent.Exception;
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
