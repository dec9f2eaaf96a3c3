using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger;

namespace Penstock.Gateway.Hosting;

/// <summary>Puts a server together.</summary>
public static class PenstockServer
{
    /// <summary>Time beyond the drain limit in which ended requests write their records.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    /// <summary>A server over models and a ledger that stay the caller's. Start it, stop it, dispose it.</summary>
    public static WebApplication Build(ServeOptions options, IReadOnlyList<ServedModel> models, IRequestLedger ledger, TimeProvider time)
    {
        // Empty: no configuration file or environment variable of somebody else's changes what this server does.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "penstock" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainLimit + LastWords);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(ledger);
        builder.Services.AddSingleton(new ModelCatalog(models));
        builder.Services.AddSingleton(new ApiKeyRing(options.ApiKeys));
        builder.Services.AddSingleton(services => new DrainSignal(options.DrainLimit, time, services.GetRequiredService<ILogger<DrainSignal>>()));
        builder.Services.AddGateway();

        var app = builder.Build();
        app.MapGateway();
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<DrainSignal>().Begin);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, ServeOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        foreach (var url in options.Urls)
        {
            ListenAddress.Parse(url).OrThrow().Listen(kestrel);
        }
    }
}
