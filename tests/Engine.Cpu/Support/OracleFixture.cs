using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Penstock.Engine.Running;
using Penstock.Models.Random;
using Penstock.Tests.Support;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>What llama.cpp answered for one model and text; recorded by <c>oracle fixtures</c> (tools/oracle).</summary>
internal sealed record OracleFixture
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>How to make the model; null: it is <see cref="File"/>.</summary>
    public required RandomModelOptions? Random { get; init; }

    /// <summary>The model's path in the repository.</summary>
    public required string? File { get; init; }

    public required string Fingerprint { get; init; }

    /// <summary>What keys and values were stored as.</summary>
    public KvType Kv { get; init; } = KvType.F32;

    /// <summary>A LoRA adapter's path in the repository; null: none.</summary>
    public string? Adapter { get; init; }

    public float AdapterScale { get; init; } = 1;

    /// <summary>The text, special tokens written out.</summary>
    public required string Text { get; init; }

    public required int[] Tokens { get; init; }

    public required double MeanNegativeLogLikelihood { get; init; }

    /// <summary>Largest relative error between llama.cpp's own prefill and its own decoding.</summary>
    public required double Noise { get; init; }

    public required Row[] Rows { get; init; }

    public static IEnumerable<string> Names => Directory.GetFiles(TestData.InRepository("tests", "Engine.Cpu", "Fixtures"), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!);

    public static OracleFixture Read(string name)
    {
        var path = TestData.InRepository("tests", "Engine.Cpu", "Fixtures", name + ".json");
        return JsonSerializer.Deserialize<OracleFixture>(System.IO.File.ReadAllText(path), Json)!;
    }

    /// <summary>The logits that follow one position: little-endian floats in Base64.</summary>
    public sealed record Row(int Position, string Logits)
    {
        public float[] Values() => MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(Logits)).ToArray();
    }
}
