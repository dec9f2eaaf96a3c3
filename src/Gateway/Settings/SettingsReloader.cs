using Microsoft.Extensions.Logging;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Attempts;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;
using Penstock.Ledger;
using Penstock.Ledger.Administration;
using Penstock.Ledger.Budgets;

namespace Penstock.Gateway.Settings;

/// <summary>
/// The one who puts other settings in place: what the files say, with what was made through the administration's API. They are checked as a whole; with any fault the old ones stay.
/// Requests under way keep the settings that they came under. Thread-safe: one change at a time.
/// </summary>
/// <param name="started">What the server was started with; what is not a setting stays as it is there.</param>
/// <param name="live">What is replaced.</param>
/// <param name="models">What is served here.</param>
/// <param name="source">The files; null where options were given by a program.</param>
/// <param name="budgets">Gets the new tree; null where nobody is limited.</param>
/// <param name="administration">What was made through the API; null where there is none.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told what was taken and what was refused.</param>
public sealed class SettingsReloader(
    ServeOptions started, LiveSettings live, IReadOnlyList<ServedModel> models, ISettingsSource? source, IBudgetStore? budgets, IAdministrationStore? administration, TimeProvider time, ILogger<SettingsReloader> logger) : IDisposable
{
    private static readonly PenstockError NoStore = new(ErrorCode.Conflict, "This server keeps nothing that was made through its API. Declare it in its configuration.");

    private readonly SemaphoreSlim gate = new(1);
    private volatile SettingsOutcome latest = new("start", time.GetUtcNow(), [], []);
    private volatile SettingsOutcome applied = new("start", time.GetUtcNow(), [], []);
    private volatile ServeOptions? taken;
    private long seen;

    /// <summary>What the files said when they were last right, without what was made through the API.</summary>
    public ServeOptions Declared => taken ?? started;

    /// <summary>The latest attempt.</summary>
    public SettingsOutcome Latest => latest;

    /// <summary>The latest that was taken.</summary>
    public SettingsOutcome Applied => applied;

    /// <summary>Reads the files, the credentials and what was made through the API, and puts them in place if nothing is wrong with them.</summary>
    public async Task<SettingsOutcome> ReloadAsync(string cause, CancellationToken cancellationToken = default)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var reading = source?.Read() ?? new SettingsReading(Declared, []);
            return reading.Options is { } options
                ? await ApplyAsync(cause, options, await StateAsync(cancellationToken), cancellationToken)
                : Refuse(cause, reading.Faults);
        }
        catch (LedgerException away)
        {
            return Refuse(cause, [Unreachable(away)]);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Puts in place what another gateway, or an earlier run, has changed through the API since.</summary>
    /// <exception cref="LedgerException">The store does not answer.</exception>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (administration is null || await administration.ReadVersionAsync(cancellationToken) == Interlocked.Read(ref seen))
        {
            return;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            await ApplyAsync("administration", Declared, await StateAsync(cancellationToken), cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Makes a change through the API: checked as a whole, stored with its line in the log, and in place when this returns.</summary>
    /// <param name="decide">The change, given what is in force. Asked again when another gateway was faster.</param>
    /// <param name="cancellationToken">Gives up before it is stored.</param>
    /// <exception cref="LedgerException">The store does not answer; nothing was changed.</exception>
    public async Task<ChangeOutcome> ChangeAsync(Func<AdministeredState, ChangeDecision> decide, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                var state = await StateAsync(cancellationToken);
                var decision = administration is null ? ChangeDecision.Refuse(NoStore) : decide(state);
                if (decision.Change is not { } change)
                {
                    return new(decision.Refusal, [], state);
                }

                var next = state.With(change, time.GetUtcNow());
                if (Check(Declared, next).Faults is { Count: > 0 } faults)
                {
                    return new(null, faults, state);
                }

                if (await administration!.ChangeAsync(state.Version, change))
                {
                    var outcome = await ApplyAsync("administration", Declared, next, CancellationToken.None);
                    return new(null, outcome.Faults, next);
                }
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>All that was made through the API and is in force.</summary>
    /// <exception cref="LedgerException">The store does not answer.</exception>
    public ValueTask<AdministeredState> StateAsync(CancellationToken cancellationToken) =>
        administration is null ? ValueTask.FromResult(AdministeredState.None) : administration.ReadAsync(cancellationToken);

    /// <summary>The latest changes, the newest first.</summary>
    /// <exception cref="LedgerException">The store does not answer.</exception>
    public ValueTask<IReadOnlyList<AdministrationEntry>> ReadLogAsync(int most, CancellationToken cancellationToken) =>
        administration is null ? ValueTask.FromResult<IReadOnlyList<AdministrationEntry>>([]) : administration.ReadLogAsync(most, cancellationToken);

    public void Dispose() => gate.Dispose();

    private (ServeOptions Wanted, IReadOnlyList<OptionFault> Faults) Check(ServeOptions declared, AdministeredState state)
    {
        var faults = new List<OptionFault>();
        var wanted = AdministeredSettings.Apply(started.WithSettingsOf(declared), state, faults);
        faults.AddRange(ServeOptionsValidator.Validate(wanted));
        return (wanted, faults);
    }

    private async Task<SettingsOutcome> ApplyAsync(string cause, ServeOptions declared, AdministeredState state, CancellationToken cancellationToken)
    {
        // Also when it is refused: the same is not tried again every second.
        Interlocked.Exchange(ref seen, state.Version);
        var (wanted, faults) = Check(declared, state);
        if (faults.Count > 0)
        {
            return Refuse(cause, faults);
        }

        if (budgets is null && wanted.BudgetTree.Nodes.Any(node => node.Limits.Count > 0))
        {
            return Refuse(cause, [new("tenants", "limits", "this server keeps no budgets", "Take the limits out, or start it with a store.")]);
        }

        var upstream = await UpstreamCatalog.OpenAsync(wanted.Targets, wanted.Routes, time, wanted.Retries, earlier: live.Current.Upstream, cancellationToken: cancellationToken);
        if (!upstream.Ok)
        {
            return Refuse(cause, [new("targets", upstream.Error.Message, "every target's credential can be read", "Put it in its place, or take the target out.")]);
        }

        using var opened = upstream.Value;
        var settings = new GatewaySettings(wanted, models, opened);
        try
        {
            // First the limits, then the requests that come under them: one that still has the old settings is counted on the new tree.
            await (budgets?.ConfigureAsync(settings.Spending.Tree) ?? ValueTask.CompletedTask);
        }
        catch (LedgerException away)
        {
            settings.Release();
            return Refuse(cause, [Unreachable(away)]);
        }

        live.Replace(settings);
        taken = declared;
        var outcome = new SettingsOutcome(cause, time.GetUtcNow(), [], SettingNames.NeedRestart(started, declared));
        latest = applied = outcome;
        if (outcome.NeedRestart.Count > 0)
        {
            GatewayLog.NeedsRestart(logger, cause, string.Join(", ", outcome.NeedRestart));
        }

        return outcome;
    }

    private SettingsOutcome Refuse(string cause, IReadOnlyList<OptionFault> faults)
    {
        var outcome = new SettingsOutcome(cause, time.GetUtcNow(), faults, []);
        latest = outcome;
        GatewayLog.SettingsRefused(logger, cause, string.Join(Environment.NewLine, faults));
        return outcome;
    }

    private static OptionFault Unreachable(LedgerException away) => new("store", away.Message, "the store answers", "The settings are read again when it does, or with the next reload.");
}
