using Penstock.Contracts.Targets;
using Penstock.Engine.Adapters;

namespace Penstock.Gateway.Endpoints.Models;

/// <summary>A model that a client may name.</summary>
/// <param name="Target">What serves it.</param>
/// <param name="Adapter">The adapter that is part of its name; null = none.</param>
internal readonly record struct ListedModel(TargetDescription Target, AdapterDescription? Adapter = null)
{
    public string Id => Adapter is null ? Target.Name : $"{Target.Name}:{Adapter.Name}";

    public DateTimeOffset Since => Adapter?.Since ?? Target.Since;
}
