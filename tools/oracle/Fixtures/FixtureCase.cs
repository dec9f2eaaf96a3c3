using Penstock.Engine.Llama.Contexts;
using Penstock.Models.Random;

namespace Penstock.Tools.Oracle.Fixtures;

/// <summary>A model and a text to record.</summary>
/// <param name="Name">The fixture's file name.</param>
/// <param name="Random">How to make the model; null: it is <paramref name="File"/>.</param>
/// <param name="File">The model's path in the repository.</param>
/// <param name="Text">The text, special tokens written out.</param>
/// <param name="Kv">What keys and values are stored as.</param>
internal sealed record FixtureCase(string Name, RandomModelOptions? Random, string? File, string Text, KvCellType Kv = KvCellType.F32)
{
    /// <summary>A LoRA adapter for it, by its path in the repository; null: none.</summary>
    public string? Adapter { get; init; }

    /// <summary>How strongly.</summary>
    public float AdapterScale { get; init; } = 1;
}
