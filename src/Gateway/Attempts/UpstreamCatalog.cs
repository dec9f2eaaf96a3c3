using Penstock.Contracts;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Gateway.Configuration;
using Penstock.Providers;
using Penstock.Providers.Credentials;
using Penstock.Routing.Attempts;
using Penstock.Routing.Breakers;
using Penstock.Routing.Selection;

namespace Penstock.Gateway.Attempts;

/// <summary>The models that are served elsewhere: which targets answer for a name, and what all requests know of these targets. Thread-safe. It is counted: disposing gives one hold back, and with the last one the connections are closed.</summary>
public sealed class UpstreamCatalog : IDisposable
{
    private readonly Dictionary<string, Upstream> upstreams;
    private readonly Dictionary<string, (RouteOptions Options, AttemptTerms Terms)> routes;
    private readonly Dictionary<string, Breaker> localBreakers;
    private readonly IReadOnlyList<Upstream> inOrder;
    private readonly AttemptTerms terms;
    private readonly TimesOfModels times;
    private int holds = 1;

    private UpstreamCatalog(IReadOnlyList<Upstream> upstreams, IReadOnlyList<RouteOptions> routes, AttemptTerms terms)
    {
        (inOrder, this.terms) = (upstreams, terms);
        times = new TimesOfModels(terms.Policy.Hedging is not null || routes.Any(route => route.Hedging is not null));
        this.upstreams = upstreams.ToDictionary(upstream => upstream.Provider.Options.Name, StringComparer.Ordinal);
        this.routes = routes.ToDictionary(route => route.Model, route => (route, terms.For(route)), StringComparer.Ordinal);
        localBreakers = routes.SelectMany(route => route.Use).Where(use => !use.Contains('/', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)
            .ToDictionary(use => use, _ => new Breaker(BreakerPolicy.Default), StringComparer.Ordinal);
        Names = [.. routes.Select(route => route.Model).Concat(upstreams.SelectMany(upstream => upstream.Models.Select(model => model.Text))).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>None.</summary>
    public static UpstreamCatalog Empty { get; } = new([], [], new(RetryPolicy.Default, TimeProvider.System, () => 0));

    /// <summary>What requests may ask for: the routes' names, then the targets' names and globs, as they are configured.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads the targets' credentials; calls nobody. An error when one is not to be had.</summary>
    /// <param name="targets">Valid targets.</param>
    /// <param name="routes">Valid routes over them.</param>
    /// <param name="time">The clock.</param>
    /// <param name="policy">When to try again; null = the default.</param>
    /// <param name="breakers">When a target counts as broken; null = the default.</param>
    /// <param name="seed">Of the waits' jitter.</param>
    /// <param name="earlier">What was there before: targets that have not changed keep their connections, and what is known of their health.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Outcome<UpstreamCatalog>> OpenAsync(
        IReadOnlyList<TargetOptions> targets, IReadOnlyList<RouteOptions> routes, TimeProvider time, RetryPolicy? policy = null, BreakerPolicy? breakers = null, int seed = 0, UpstreamCatalog? earlier = null, CancellationToken cancellationToken = default)
    {
        var opened = new List<Upstream>();
        foreach (var target in targets)
        {
            var shared = await SharedProvider.OpenAsync(target, earlier?.upstreams.GetValueOrDefault(target.Name)?.Shared, breakers ?? BreakerPolicy.Default, time, cancellationToken);
            if (!shared.Ok)
            {
                opened.ForEach(one => one.Shared.Dispose());
                return shared.Error;
            }

            opened.Add(new(shared.Value, target, [.. target.Models.Select(model => new ModelPattern(model))]));
        }

        var (random, gate) = (new Random(seed), new Lock());
        return new UpstreamCatalog(opened, routes, new(policy ?? RetryPolicy.Default, time, Jitter));

        double Jitter()
        {
            lock (gate)
            {
                return random.NextDouble();
            }
        }
    }

    /// <summary>What answers for a name, or null: its route, or else every target whose models it is one of, in the configured order.</summary>
    /// <param name="model">As the request names it.</param>
    /// <param name="local">The models that are served here, for routes that use them.</param>
    public IInferenceTarget? Find(string model, Func<string, IInferenceTarget?> local)
    {
        var candidates = routes.TryGetValue(model, out var route)
            ? [.. route.Options.Use.Select(use => Use(use, local)).OfType<Candidate>()]
            : inOrder.Where(upstream => !upstream.Options.Drained && upstream.Answers(model)).Select(upstream => upstream.Candidate(model, times)).ToArray();
        if (candidates.Length == 0)
        {
            return null;
        }

        var first = candidates[0].Target.Description;
        return new AttemptTarget(first with { Name = model, Remote = true }, candidates, route.Terms ?? terms);
    }

    /// <summary>Whether there would be an answer, if those who give it were not drained.</summary>
    public bool IsDrained(string model) => routes.TryGetValue(model, out var route)
        ? route.Options.Use.Any(use => Split(use) is var (upstream, _) && upstream.Options.Drained)
        : inOrder.Any(upstream => upstream.Options.Drained && upstream.Answers(model));

    /// <summary>Whether answers of this name may go on elsewhere when they break off: then the canonical request is needed, too.</summary>
    public bool Continues(string model) => (routes.TryGetValue(model, out var route) ? route.Terms : terms).Policy.Continue;

    /// <summary>Why a name is asked of whom it is: its route, a target's model, or a target's glob.</summary>
    public string ReasonOf(string model) => routes.ContainsKey(model) ? "route"
        : inOrder.Any(upstream => upstream.Models.Any(pattern => pattern.IsName && pattern.Matches(model))) ? "target's model"
        : "target's glob";

    /// <summary>Whether requests of this name and form may be relayed as their client wrote them; if not, nothing of them may be unknown here.</summary>
    public bool Relays(string model, WireForm form) => routes.TryGetValue(model, out var route)
        ? route.Options.Use.Any(use => Split(use) is var (upstream, _) && upstream.Provider.Speaks(form))
        : inOrder.Any(upstream => upstream.Answers(model) && upstream.Provider.Speaks(form));

    /// <summary>Whether all who may answer take requests as their client wrote them.</summary>
    public bool OnlyRelays(string model, WireForm form) => routes.TryGetValue(model, out var route)
        ? route.Options.Use.All(use => Split(use) is var (upstream, _) && upstream.Provider.Speaks(form))
        : inOrder.Where(upstream => upstream.Answers(model)).All(upstream => upstream.Provider.Speaks(form));

    /// <summary>Every target, in the configured order, and how it stands.</summary>
    internal IReadOnlyList<(TargetOptions Options, BreakerStatus Health)> TargetsAt(DateTimeOffset now) => [.. inOrder.Select(upstream => (upstream.Options, upstream.Shared.Breaker.StatusAt(now)))];

    /// <summary>Reads again the keys that are in files, so that a rotated one is used before the old one is refused. What cannot be read stays as it was.</summary>
    public async Task ReadKeyFilesAsync(CancellationToken cancellationToken)
    {
        foreach (var credential in inOrder.Select(upstream => upstream.Provider.Credential).Where(credential => credential.Source?.Kind == CredentialKind.File))
        {
            await credential.ReadAsync(cancellationToken);
        }
    }

    /// <summary>One more who uses it, and disposes it in the end.</summary>
    public void Hold() => Interlocked.Increment(ref holds);

    public void Dispose()
    {
        if (Interlocked.Decrement(ref holds) != 0)
        {
            return;
        }

        foreach (var upstream in inOrder)
        {
            upstream.Shared.Dispose();
        }
    }

    private Candidate? Use(string use, Func<string, IInferenceTarget?> local) =>
        Split(use) is var (upstream, name) ? (upstream.Options.Drained ? null : upstream.Candidate(name, times))
        : local(use) is { } target ? new Candidate(target, localBreakers[use], TimeSpan.FromHours(1), TimeSpan.FromHours(1), times.Of(use))
        : null;

    private (Upstream Upstream, string Model)? Split(string use)
    {
        var slash = use.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && upstreams.TryGetValue(use[..slash], out var upstream) ? (upstream, use[(slash + 1)..]) : null;
    }

    private sealed record Upstream(SharedProvider Shared, TargetOptions Options, IReadOnlyList<ModelPattern> Models)
    {
        public Provider Provider => Shared.Provider;

        public bool Answers(string model)
        {
            foreach (var pattern in Models)
            {
                if (pattern.Matches(model))
                {
                    return true;
                }
            }

            return false;
        }

        public Candidate Candidate(string model, TimesOfModels times) =>
            new(Provider.Target(model), Shared.Breaker, Provider.Options.FirstTokenTimeout, Provider.Options.StallTimeout, times.Of($"{Provider.Options.Name}/{model}"));
    }
}
