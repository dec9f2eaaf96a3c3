using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Engine.Serving;

namespace Penstock.Gateway.Hosting;

/// <summary>Asks each model for one token after the start: it compiles the hot paths and proves that the model answers. Not recorded: nobody asked.</summary>
internal sealed class WarmUp(ModelCatalog models, Readiness readiness, ILogger<WarmUp> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var model in models.Models)
        {
            try
            {
                var local = model.Target as LocalTarget;
                if ((await AskAsync(model, stoppingToken) ?? (local is null ? null : await local.WarmUpAsync(stoppingToken))) is { } error)
                {
                    GatewayLog.WarmUpFailed(logger, model.Name, error.Message, null);
                    continue;
                }

                readiness.Answered();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                GatewayLog.WarmUpFailed(logger, model.Name, "see below", exception);
            }
        }
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
