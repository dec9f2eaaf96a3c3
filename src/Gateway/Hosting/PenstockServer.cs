using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Gateway.Administration;
using Penstock.Gateway.Attempts;
using Penstock.Gateway.Idempotency;
using Penstock.Gateway.Settings;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger;
using Penstock.Ledger.Administration;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Decisions;

namespace Penstock.Gateway.Hosting;

/// <summary>Puts a server together.</summary>
public static class PenstockServer
{
    /// <summary>Time beyond the drain limit in which ended requests write their records.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    /// <summary>A server over opened parts. It owns them from now on: disposing the server disposes them, after its last request.</summary>
    /// <param name="options">What the parts were opened with.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="source">What is read again for a reload; null = the options are all there is.</param>
    public static WebApplication Build(ServeOptions options, ServerParts parts, TimeProvider time, ISettingsSource? source = null)
    {
        var store = new StoreParts(parts.Store.Ledger, parts.Store.Budgets, parts.Store.Administration, parts.Store.Decisions, source, parts);
        var app = Build(options, parts.Settings, [.. parts.Models.Select(model => new ServedModel(model.Target, model.Tokenizer))], store, time, parts.Upstream);
        parts.LetGoOfUpstream();
        var logger = app.Services.GetRequiredService<ILogger<ServerParts>>();
        parts.Faulted += (model, exception) => GatewayLog.RunnerThrew(logger, exception, model.Path);
        return app;
    }

    /// <summary>A server over models here and elsewhere and a ledger, all of which stay the caller's. Start it, stop it, dispose it.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="models">What is served.</param>
    /// <param name="ledger">Where records go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="budgets">Who may spend how much; needed where a tenant or key has limits.</param>
    /// <param name="upstream">What is served elsewhere; null = nothing.</param>
    /// <param name="source">What is read again for a reload; null = the options are all there is.</param>
    /// <param name="administration">What is made through the administration's API; null = nothing can be.</param>
    /// <param name="decisions">Where the answers to idempotency keys are kept; null = keys are ignored.</param>
    public static WebApplication Build(
        ServeOptions options, IReadOnlyList<ServedModel> models, IRequestLedger ledger, TimeProvider time, IBudgetStore? budgets = null, UpstreamCatalog? upstream = null, ISettingsSource? source = null, IAdministrationStore? administration = null, IDecisionStore? decisions = null) =>
        Build(options, options, models, new(ledger, budgets, administration, decisions, source, null), time, upstream ?? UpstreamCatalog.Empty);

    private static WebApplication Build(ServeOptions options, ServeOptions settings, IReadOnlyList<ServedModel> models, StoreParts store, TimeProvider time, UpstreamCatalog upstream)
    {
        // Empty: no configuration file or environment variable of somebody else's changes what this server does.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "penstock" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, TransportBlocks>();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainLimit + LastWords);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // A host that cannot start throws, and whoever starts it says why in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

        builder.Services.AddSingleton<IHostLifetime, SignalFreeLifetime>();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(store.Ledger);
        var first = new GatewaySettings(settings, models, upstream);
        if (store.Budgets is null && first.Spending.AnyLimits)
        {
            throw new ArgumentException("There are limits, but no store to keep them.", nameof(store));
        }

        // Made by the container, which then disposes it.
        builder.Services.AddSingleton(_ => new LiveSettings(first));
        builder.Services.AddSingleton(services => new SettingsReloader(
            options, services.GetRequiredService<LiveSettings>(), models, store.Source, store.Budgets, store.Administration, time, services.GetRequiredService<ILogger<SettingsReloader>>()));
        if (store.Source is not null || store.Administration is not null)
        {
            builder.Services.AddHostedService(services => new SettingsWatch(
                services.GetRequiredService<SettingsReloader>(), services.GetRequiredService<LiveSettings>(), store.Source, time, services.GetRequiredService<ILogger<SettingsWatch>>()));
        }

        if (options.Admin is { } admin)
        {
            builder.Services.AddSingleton(services => new AdminListener(
                admin, services.GetRequiredService<SettingsReloader>(), services.GetRequiredService<LiveSettings>(), store.Budgets, time, services.GetRequiredService<ILoggerFactory>()));
            builder.Services.AddHostedService(services => services.GetRequiredService<AdminListener>());
        }

        builder.Services.AddSingleton(services => new BudgetGuard(store.Budgets, new RunBook(store.Ledger as IRunHistory), time, services.GetRequiredService<ILogger<BudgetGuard>>()));
        builder.Services.AddSingleton(services => new DrainSignal(options.DrainLimit, time, services.GetRequiredService<ILogger<DrainSignal>>()));
        builder.Services.AddGateway();
        if (store.Decisions is { } decisions)
        {
            builder.Services.AddSingleton(decisions);
            builder.Services.AddHostedService<DecisionTender>();
        }

        if (store.Owned is { } owned)
        {
            // The container disposes what its factories made, in reverse order; asking for it first makes it the last to go.
            builder.Services.AddSingleton(_ => new OwnedParts(owned));
        }

        var app = builder.Build();
        _ = app.Services.GetService<OwnedParts>();
        app.MapGateway();
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<DrainSignal>().Begin);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, ServeOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        // RequestBody has the bound. Kestrel's would close the connection before a client that still sends could read the error.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        foreach (var url in options.Urls)
        {
            ListenAddress.Parse(url).OrThrow().Listen(kestrel);
        }
    }

    private sealed record StoreParts(IRequestLedger Ledger, IBudgetStore? Budgets, IAdministrationStore? Administration, IDecisionStore? Decisions, ISettingsSource? Source, IAsyncDisposable? Owned);

    private sealed class OwnedParts(IAsyncDisposable parts) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => parts.DisposeAsync();
    }
}
