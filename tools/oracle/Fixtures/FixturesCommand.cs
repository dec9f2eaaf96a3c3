using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Penstock.Engine.Llama;
using Penstock.Engine.Llama.Contexts;
using Penstock.Models.Fingerprints;
using Penstock.Models.Gguf;
using Penstock.Models.Random;
using Penstock.Tools.Oracle.Interop;
using Penstock.Tools.Oracle.Logits;

namespace Penstock.Tools.Oracle.Fixtures;

/// <summary><c>oracle fixtures</c>: records what the tests of Engine.Cpu compare with.</summary>
internal static class FixturesCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() }, IgnoreReadOnlyProperties = true };

    public static Command Create(Option<string?> libraries)
    {
        var root = new Argument<string>("repository") { Description = "The repository's root folder" };
        var only = new Option<string?>("--only") { Description = "Record this case only" };
        var command = new Command("fixtures", "Record llama.cpp's answers for the tests") { root, only };
        command.SetAction(result =>
        {
            LlamaLibrary.Load(result.GetValue(libraries));
            var folder = Path.Combine(result.GetValue(root)!, "tests", "Engine.Cpu", "Fixtures");
            Directory.CreateDirectory(folder);
            foreach (var item in FixtureCases.All.Where(item => result.GetValue(only) is not { } name || item.Name == name))
            {
                var fixture = RecordCase(item, result.GetValue(root)!);
                File.WriteAllText(Path.Combine(folder, item.Name + ".json"), JsonSerializer.Serialize(fixture, Json) + "\n");
                Console.WriteLine($"{item.Name}: {fixture.Tokens.Count} tokens, perplexity {Math.Exp(fixture.MeanNegativeLogLikelihood):F4}, noise {fixture.Noise:E1}");
            }
        });
        return command;
    }

    private static Fixture RecordCase(FixtureCase item, string root)
    {
        if (item.Random is null)
            return Record(item, Path.Combine(root, item.File!), root);

        var path = Path.GetTempFileName();
        try
        {
            RandomModel.Write(path, item.Random);
            return Record(item, path, root);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Fixture Record(FixtureCase item, string path, string root)
    {
        using var file = GgufFile.Open(path);
        using var model = LlamaModel.Open(path, gpuLayers: 0);
        using var adapter = item.Adapter is null ? null : LlamaAdapter.Open(model, Path.Combine(root, item.Adapter));
        var tokens = new LlamaVocabulary(model).Tokenize(item.Text, addSpecial: true, parseSpecial: true);
        var prefilled = LogitRows.Compute(model, tokens, tokens.Length, item.Kv, adapter, item.AdapterScale);
        var decoded = LogitRows.Compute(model, tokens, 1, item.Kv, adapter, item.AdapterScale);
        int[] positions = [0, 15, 16, tokens.Length / 2, tokens.Length - 1];
        return new Fixture
        {
            Oracle = $"llama.cpp 0.5.0, @node-llama-cpp/linux-x64 3.22.1; KV in {(item.Kv == KvCellType.F32 ? "32-bit floats" : item.Kv)}, {(item.Kv == KvCellType.Q8_0 ? "" : "no ")}flash attention, one thread",
            Random = item.Random,
            File = item.File,
            Fingerprint = ModelFingerprint.Compute(file),
            Kv = item.Kv == KvCellType.F32 ? null : item.Kv.ToString(),
            Adapter = item.Adapter,
            AdapterScale = item.Adapter is null ? null : item.AdapterScale,
            Text = item.Text,
            Tokens = tokens,
            MeanNegativeLogLikelihood = LogitRows.MeanNegativeLogLikelihood(prefilled, tokens),
            Noise = prefilled.Zip(decoded, (one, other) => LogitRows.RelativeError(one, other)).Max(),
            Rows = [.. positions.Select(position => new FixtureRow(position, Convert.ToBase64String(MemoryMarshal.AsBytes<float>(prefilled[position]))))],
        };
    }
}
