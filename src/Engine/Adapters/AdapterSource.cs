using Penstock.Models.Adapters;

namespace Penstock.Engine.Adapters;

/// <summary>An adapter to load.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="File">The file; may be closed once it is loaded.</param>
/// <param name="Scale">For requests that name none.</param>
public sealed record AdapterSource(string Name, LoraFile File, float Scale = 1);
