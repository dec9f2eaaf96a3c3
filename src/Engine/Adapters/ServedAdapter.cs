using System.Globalization;
using Penstock.Engine.Running;
using Penstock.Models.Adapters;

namespace Penstock.Engine.Adapters;

/// <summary>An adapter in a runner, and how many requests hold it. Thread-safe.</summary>
internal sealed class ServedAdapter(string name, LoraFile file, int number, AdapterType type, float scale, DateTimeOffset since)
{
    private const int ShownDigits = 16;

    private readonly Lock sync = new();
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string digest = file.Digest;
    private readonly int rank = file.Rank;
    private readonly long parameters = file.ParameterCount;
    private int requests;
    private bool leaving;

    public string Name => name;

    public int Number => number;

    public float Scale => scale;

    /// <summary>Completes when the runner has let go of it.</summary>
    public Task Gone => gone.Task;

    public AdapterDescription Description
    {
        get
        {
            lock (sync)
                return new AdapterDescription { Name = name, Digest = digest, Fingerprint = Fingerprint(null), Scale = scale, Rank = rank, Parameters = parameters, Since = since, Requests = requests, Leaving = leaving };
        }
    }

    public AdapterUse At(float? wanted) => new(number, wanted ?? scale);

    /// <summary>What it adds to a model's fingerprint.</summary>
    public string Fingerprint(float? wanted) =>
        string.Create(CultureInfo.InvariantCulture, $"+lora:{digest[(digest.IndexOf(':', StringComparison.Ordinal) + 1)..][..ShownDigits]}{(type == AdapterType.Auto ? "" : $"/{type.Name()}")}@{wanted ?? scale:R}");

    /// <summary>A request begins to use it.</summary>
    /// <returns>False: it is leaving.</returns>
    public bool TryHold()
    {
        lock (sync)
        {
            requests += leaving ? 0 : 1;
            return !leaving;
        }
    }

    /// <summary>A request has ended.</summary>
    /// <returns>Whether it was the last of an adapter that is leaving.</returns>
    public bool LetGo()
    {
        lock (sync)
            return --requests == 0 && leaving;
    }

    /// <summary>Takes no more requests.</summary>
    /// <returns>Whether none holds it.</returns>
    public bool Leave()
    {
        lock (sync)
        {
            leaving = true;
            return requests == 0;
        }
    }

    /// <summary>The runner has let go of it.</summary>
    public void HasGone() => gone.TrySetResult();
}
