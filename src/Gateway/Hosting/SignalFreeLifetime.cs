using Microsoft.Extensions.Hosting;

namespace Penstock.Gateway.Hosting;

/// <summary>Signals belong to whoever runs the server: a program with its own idea of Ctrl+C, or a test.</summary>
internal sealed class SignalFreeLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
