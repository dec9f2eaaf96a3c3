namespace Penstock.Gateway.Hosting;

/// <summary>A LoRA adapter to load with a model.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Path">The GGUF file.</param>
/// <param name="Scale">For requests that name none.</param>
public sealed record AdapterOptions(string Name, string Path, float Scale = 1);
