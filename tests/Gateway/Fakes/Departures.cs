using Microsoft.AspNetCore.Http;

namespace Penstock.Gateway.Tests.Fakes;

/// <summary>Tells a test when the server knows that a client has left.</summary>
internal sealed class Departures
{
    private readonly TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task NextAsync() => next.Task;

    public RequestDelegate Watch(RequestDelegate inner) => http =>
    {
        http.RequestAborted.Register(() => next.TrySetResult());
        return inner(http);
    };
}
