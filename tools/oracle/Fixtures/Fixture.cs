using System.Text.Json.Serialization;
using Penstock.Models.Random;

namespace Penstock.Tools.Oracle.Fixtures;

/// <summary>What llama.cpp answered, as the tests read it (<c>tests/Engine.Cpu/Fixtures/*.json</c>).</summary>
internal sealed record Fixture
{
    public required string Oracle { get; init; }

    public required RandomModelOptions? Random { get; init; }

    public required string? File { get; init; }

    /// <summary>Fingerprint of the model's file: another model has other answers.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>What keys and values were stored as; null: 32-bit floats.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Kv { get; init; }

    /// <summary>The adapter's path in the repository; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Adapter { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? AdapterScale { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Over all tokens, prefilled in one call.</summary>
    public required double MeanNegativeLogLikelihood { get; init; }

    /// <summary>Largest relative error between llama.cpp's own prefill and its own decoding token by token, over all rows: its noise.</summary>
    public required double Noise { get; init; }

    public required IReadOnlyList<FixtureRow> Rows { get; init; }
}
