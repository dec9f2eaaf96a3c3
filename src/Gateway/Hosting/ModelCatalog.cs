using Penstock.Contracts;
using Penstock.Contracts.Errors;

namespace Penstock.Gateway.Hosting;

/// <summary>The served models by name. Immutable and thread-safe.</summary>
public sealed class ModelCatalog(IReadOnlyList<ServedModel> models)
{
    private const int MostShown = 10;

    private readonly Dictionary<string, ServedModel> byName = models.ToDictionary(model => model.Name, StringComparer.Ordinal);

    /// <summary>In the order in which they were given; at least one.</summary>
    public IReadOnlyList<ServedModel> Models => models;

    /// <summary>The model of that name, or of the name before its last colon with the adapter after it; or an error that says which there are.</summary>
    public Outcome<ModelRoute> Find(string name)
    {
        if (byName.TryGetValue(name, out var model))
        {
            return new ModelRoute(model, null);
        }

        var colon = name.LastIndexOf(':');
        if (colon > 0 && colon < name.Length - 1 && byName.TryGetValue(name[..colon], out var owner))
        {
            return new ModelRoute(owner, name[(colon + 1)..]);
        }

        var known = string.Join(", ", models.Take(MostShown).Select(one => one.Name)) + (models.Count > MostShown ? ", ..." : "");
        return new PenstockError(ErrorCode.ModelNotFound, $"The model '{Shorten(name)}' is not served here. Served: {known}.", "model");
    }

    private static string Shorten(string name) => name.Length <= 64 ? name : $"{name[..64]}...";
}
