using System.Text.Json;
using System.Text.Json.Serialization;
using Penstock.Models.Gguf;
using Penstock.Models.Random;
using Penstock.Tests.Support;

namespace Penstock.Models.Tests.Quantization;

/// <summary>What ggml makes of random blocks and of one tensor of a random model; recorded by <c>oracle codecs</c> (tools/oracle).</summary>
internal sealed record GgmlBlocks
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static GgmlBlocks Recorded { get; } =
        JsonSerializer.Deserialize<GgmlBlocks>(File.ReadAllText(TestData.InRepository("tests", "Models", "Quantization", "ggml-blocks.json")), Json)!;

    /// <summary>The random model.</summary>
    public required RandomModelOptions Model { get; init; }

    /// <summary>Its tensor.</summary>
    public required string Tensor { get; init; }

    public required Dictionary<string, TypeRecord> Types { get; init; }

    public static TheoryData<TensorType> TypeNames => [.. Recorded.Types.Keys.Select(Enum.Parse<TensorType>)];

    /// <param name="Blocks">Random blocks in Base64.</param>
    /// <param name="Values">For each block the first 8 bytes of SHA-256 over the floats that ggml reads from it.</param>
    /// <param name="Stored">SHA-256 of what ggml stores for the tensor.</param>
    /// <param name="Error">Relative RMS error of that.</param>
    public sealed record TypeRecord(string Blocks, string[] Values, string Stored, double Error);
}
