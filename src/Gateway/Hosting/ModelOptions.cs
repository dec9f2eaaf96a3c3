namespace Penstock.Gateway.Hosting;

/// <summary>A model file to serve.</summary>
/// <param name="Path">The GGUF file.</param>
/// <param name="Name">The public name; null takes the file's <c>general.name</c>, else the file's name.</param>
/// <param name="Runner">What computes it.</param>
public sealed record ModelOptions(string Path, string? Name = null, RunnerChoice Runner = RunnerChoice.Auto);
