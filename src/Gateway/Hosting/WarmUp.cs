using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Engine.Serving;
using Penstock.Gateway.Settings;

namespace Penstock.Gateway.Hosting;

/// <summary>
/// Asks each model for one token once the server listens: it compiles the hot paths and proves that the model answers. Not recorded: nobody asked.
/// What the server's own stop ends is no failure of the model, and is not told as one.
/// </summary>
internal sealed class WarmUp(LiveSettings settings, Readiness readiness, IHostApplicationLifetime lifetime, ILogger<WarmUp> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A server that cannot listen has nothing to warm: its models go again while they would still be asked.
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(() => listens.TrySetResult());
        await listens.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested)
        {
            return;
        }

        foreach (var model in settings.Current.Models.Models)
        {
            try
            {
                var local = model.Target as LocalTarget;
                if ((await AskAsync(model, stoppingToken) ?? (local is null ? null : await local.WarmUpAsync(stoppingToken))) is not { } error)
                {
                    readiness.Answered();
                }
                else if (!Stopping())
                {
                    GatewayLog.WarmUpFailed(logger, model.Name, error.Message, null);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (!Stopping())
                {
                    GatewayLog.WarmUpFailed(logger, model.Name, "see below", exception);
                }
            }
        }

        bool Stopping() => stoppingToken.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested;
    }

    private static async Task<PenstockError?> AskAsync(ServedModel model, CancellationToken stopping)
    {
        var prepared = model.Target.Prepare(new InferenceRequest
        {
            RequestId = $"warm-up-{model.Name}",
            Tenant = "penstock",
            Kind = RequestKind.Completion,
            Model = model.Name,
            Inputs = [new("Hello", null)],
            MaxOutputTokens = 2,
            IgnoreEndOfGeneration = true,
        });
        if (!prepared.Ok)
        {
            return prepared.Error;
        }

        var started = prepared.Value.Start();
        if (!started.Ok)
        {
            return started.Error;
        }

        await using var generation = started.Value;
        while (await generation.WaitToReadAsync(stopping))
        {
            while (generation.TryRead(out var item))
            {
                if (item.Error is { } error)
                {
                    return error;
                }
            }
        }

        return null;
    }
}
