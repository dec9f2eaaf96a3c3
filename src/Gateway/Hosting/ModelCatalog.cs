using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Gateway.Attempts;

namespace Penstock.Gateway.Hosting;

/// <summary>The models by name: those that are served here, then those that are served elsewhere. Immutable and thread-safe.</summary>
public sealed class ModelCatalog(IReadOnlyList<ServedModel> models, UpstreamCatalog? elsewhere = null)
{
    private const int MostShown = 10;

    private readonly UpstreamCatalog upstream = elsewhere ?? UpstreamCatalog.Empty;
    private readonly Dictionary<string, ServedModel> byName = models.ToDictionary(model => model.Name, StringComparer.Ordinal);

    /// <summary>Served here, in the order in which they were given.</summary>
    public IReadOnlyList<ServedModel> Models => models;

    /// <summary>Served elsewhere: names, and globs that cover several.</summary>
    public IReadOnlyList<string> UpstreamNames => upstream.Names;

    /// <summary>The model that is meant where a request names none: the first that is served here.</summary>
    public string DefaultName => models.Count > 0 ? models[0].Name : "";

    /// <summary>The model of that name, or of the name before its last colon with the adapter after it; or an error that says which there are.</summary>
    public Outcome<ModelRoute> Find(string name)
    {
        if (byName.TryGetValue(name, out var model))
        {
            return new ModelRoute(model, null, "model served here");
        }

        var colon = name.LastIndexOf(':');
        if (colon > 0 && colon < name.Length - 1 && byName.TryGetValue(name[..colon], out var owner))
        {
            return new ModelRoute(owner, name[(colon + 1)..], "model served here");
        }

        if (upstream.Find(name, Local) is { } target)
        {
            return new ModelRoute(new ServedModel(target, null), null, upstream.ReasonOf(name));
        }

        if (upstream.IsDrained(name))
        {
            return new PenstockError(ErrorCode.Unavailable, $"Who answers for '{Shorten(name)}' is drained and takes no new requests. Use another model, or try again later.", "model");
        }

        var names = models.Select(one => one.Name).Concat(upstream.Names).ToArray();
        var known = string.Join(", ", names.Take(MostShown)) + (names.Length > MostShown ? ", ..." : "");
        return new PenstockError(ErrorCode.ModelNotFound, $"The model '{Shorten(name)}' is not served here. Served: {known}.", "model");
    }

    /// <summary>Whether requests of this name and form may be relayed as their client wrote them.</summary>
    public bool Relays(string name, WireForm form) => !IsLocal(name) && upstream.Relays(name, form);

    /// <summary>Whether all who may answer take them so.</summary>
    public bool OnlyRelays(string name, WireForm form) => upstream.OnlyRelays(name, form);

    /// <summary>Whether its answers may go on elsewhere when they break off.</summary>
    public bool Continues(string name) => upstream.Continues(name);

    private bool IsLocal(string name) => byName.ContainsKey(name) || (name.LastIndexOf(':') is > 0 and var colon && byName.ContainsKey(name[..colon]));

    private IInferenceTarget? Local(string name) => byName.GetValueOrDefault(name)?.Target;

    private static string Shorten(string name) => name.Length <= 64 ? name : $"{name[..64]}...";
}
