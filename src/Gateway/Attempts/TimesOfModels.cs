using System.Collections.Concurrent;
using Penstock.Routing.Hedging;

namespace Penstock.Gateway.Attempts;

/// <summary>The first-event times of each target's models, shared by all requests. Thread-safe.</summary>
/// <param name="wanted">Whether anybody hedges; if not, nothing is kept.</param>
internal sealed class TimesOfModels(bool wanted)
{
    // Clients choose the names that globs let through; 4 KiB each.
    private const int MostModels = 1000;

    private readonly ConcurrentDictionary<string, AnswerTimes> times = new(StringComparer.Ordinal);

    /// <summary>Those of a model; null where they are not kept.</summary>
    /// <param name="model">With its target in front.</param>
    public AnswerTimes? Of(string model) => !wanted ? null
        : times.TryGetValue(model, out var known) ? known
        : times.Count < MostModels ? times.GetOrAdd(model, static _ => new AnswerTimes())
        : null;
}
