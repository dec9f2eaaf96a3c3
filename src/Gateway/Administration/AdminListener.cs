using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Settings;
using Penstock.Ledger.Budgets;
using Penstock.Providers.Credentials;

namespace Penstock.Gateway.Administration;

/// <summary>The administration's own listener: another port, another credential, nothing in common with the clients' but the settings. Starts and stops with the server.</summary>
/// <param name="options">Where it listens.</param>
/// <param name="reloader">Makes changes.</param>
/// <param name="live">What is in force.</param>
/// <param name="budgets">How limits stand; null where there are none.</param>
/// <param name="time">The clock.</param>
/// <param name="logs">Where it logs to.</param>
public sealed class AdminListener(AdminOptions options, SettingsReloader reloader, LiveSettings live, IBudgetStore? budgets, TimeProvider time, ILoggerFactory logs) : IHostedService, IAsyncDisposable
{
    private LiveCredential? credential;
    private WebApplication? app;

    /// <summary>Where it listens, once it has started.</summary>
    public Uri? Address => app is null ? null : new Uri(app.Urls.First());

    /// <summary>What it answers, as <c>METHOD /path</c>; for the test of its description.</summary>
    internal IServiceProvider? Services => app?.Services;

    /// <exception cref="PenstockException">The credential is not to be had, or the address is in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var key = options.Credential is { } source ? (await source.ReadAsync(cancellationToken)).OrThrow() : null;
        credential = new LiveCredential(options.Credential, key, time);
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "penstock-admin" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            ListenAddress.Parse(options.Listen).OrThrow().Listen(kestrel);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, SignalFreeLifetime>();
        builder.Services.AddSingleton(logs);
        app = builder.Build();
        app.Use(next => new AdminAccess(credential, logs.CreateLogger<AdminAccess>(), next).InvokeAsync);
        app.UseRouting();
        app.MapAdministration(reloader, live, budgets, time);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException taken)
        {
            throw new PenstockException(new(ErrorCode.InvalidRequest, $"The administration cannot listen on {options.Listen}: {taken.Message} Choose another address in admin.listen.", "admin.listen"));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        credential?.Dispose();
    }
}
