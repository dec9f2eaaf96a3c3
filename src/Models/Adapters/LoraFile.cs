using Penstock.Models.Fingerprints;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Models.Adapters;

/// <summary>
/// A LoRA adapter (Hu et al. 2021, arXiv:2106.09685) in a GGUF file, as llama.cpp's <c>convert_lora_to_gguf.py</c> writes it: pairs of
/// tensors <c>X.lora_a</c> and <c>X.lora_b</c> for any of the base's matrices X. Opened and checked by itself; <see cref="LoraBase"/>
/// checks it against a model. Thread-safe until disposed.
/// </summary>
public sealed class LoraFile : IDisposable
{
    /// <summary>The largest rank: beyond it the pair of matrices is as large as what it changes.</summary>
    public const int MostRank = 1024;

    /// <summary>The largest alpha. Trainers use 1 to a few hundred.</summary>
    public const float MostAlpha = 65_536;

    private const string LoraA = ".lora_a";
    private const string LoraB = ".lora_b";

    private static readonly TensorType[] Types = [TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0];

    private readonly GgufFile file;
    private readonly Lazy<string> digest;

    private LoraFile(GgufFile file)
    {
        this.file = file;
        digest = new(() => ModelFingerprint.Compute(file));
        CheckKind(file);
        Architecture = file.Metadata.String("general.architecture");
        Alpha = file.Metadata.Float32("adapter.lora.alpha");
        if (!(Alpha is >= 0 and <= MostAlpha))
            throw new GgufException(Path, $"the metadata key adapter.lora.alpha is {Alpha}; 0 to {MostAlpha} makes sense", "Convert the adapter again with a current converter.");
        Pairs = [.. ReadPairs()];
    }

    /// <summary>The path as it was given to <see cref="Open"/>.</summary>
    public string Path => file.Path;

    /// <summary>The architecture of the models that it changes.</summary>
    public string Architecture { get; }

    /// <summary>Its strength: a pair of rank r is scaled by alpha / r.</summary>
    public float Alpha { get; }

    /// <summary>At least one, in the file's order.</summary>
    public IReadOnlyList<LoraPair> Pairs { get; }

    /// <summary>The inner width of its pairs, the largest where they differ.</summary>
    public int Rank => Pairs.Max(pair => pair.Rank);

    /// <summary>Values in all tensors.</summary>
    public long ParameterCount => file.Tensors.Sum(tensor => tensor.ElementCount);

    /// <summary>Fingerprint of the file (<see cref="ModelFingerprint"/>); reads all of it when first asked for.</summary>
    public string Digest => digest.Value;

    /// <summary>Whether a file calls itself an adapter.</summary>
    public static bool IsAdapter(GgufFile file) => file.Metadata.StringOrDefault("general.type") == "adapter";

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="GgufException">It cannot be read, is damaged, or is no LoRA adapter; the message has the remedy.</exception>
    public static LoraFile Open(string path)
    {
        var opened = GgufFile.Open(path);
        try
        {
            return new LoraFile(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Checks a file that is open; it is disposed with the adapter.</summary>
    /// <exception cref="GgufException">It is no LoRA adapter, or a damaged one.</exception>
    public static LoraFile Of(GgufFile file) => new(file);

    /// <summary>Reads one tensor as floats.</summary>
    /// <param name="tensor">A tensor of a pair.</param>
    /// <exception cref="GgufException">It holds NaN or infinities, or cannot be read.</exception>
    public float[] Read(GgufTensor tensor) => Read(tensor, out _);

    /// <summary>Reads one tensor as floats, and as it is stored.</summary>
    /// <param name="tensor">A tensor of a pair.</param>
    /// <param name="bytes">Its bytes in the file.</param>
    /// <exception cref="GgufException">It holds NaN or infinities, or cannot be read.</exception>
    public float[] Read(GgufTensor tensor, out byte[] bytes)
    {
        bytes = new byte[tensor.ByteLength];
        file.Read(tensor, 0, bytes);
        var values = new float[tensor.ElementCount];
        TensorCodec.Dequantize(tensor.Type, bytes, values);
        return values.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue)
            ? throw new GgufException(Path, $"the tensor {GgufName.Printable(tensor.Name)} holds infinite or NaN weights", "The file is damaged or the training diverged; download or train it again.")
            : values;
    }

    /// <summary>Reads everything once.</summary>
    /// <exception cref="GgufException">A tensor holds NaN or infinities, or cannot be read.</exception>
    public void RequireFinite()
    {
        foreach (var pair in Pairs)
        {
            Read(pair.A);
            Read(pair.B);
        }
    }

    public void Dispose() => file.Dispose();

    private static void CheckKind(GgufFile file)
    {
        if (!IsAdapter(file))
            throw new GgufException(file.Path, "this is not an adapter: its general.type is not \"adapter\"", "Give a LoRA adapter in GGUF format; a model is served with --model.");
        if (file.Metadata.String("adapter.type") is var type && type != "lora")
            throw new GgufException(file.Path, $"the adapter is of the type {GgufName.Printable(type)}, and only lora is known", "Convert a LoRA adapter.");
        if (file.Metadata.Contains("adapter.alora.invocation_tokens"))
            throw new GgufException(file.Path, "this is an activated LoRA adapter, which begins in mid-prompt", "Use a plain LoRA adapter.");
    }

    private IEnumerable<LoraPair> ReadPairs()
    {
        if (file.Tensors.Count == 0)
            throw Fault("the adapter has no tensors");

        foreach (var tensor in file.Tensors)
        {
            var name = GgufName.Printable(tensor.Name);
            var isA = tensor.Name.EndsWith(LoraA, StringComparison.Ordinal);
            if (!isA && !tensor.Name.EndsWith(LoraB, StringComparison.Ordinal))
                throw Fault($"the tensor {name} is neither a .lora_a nor a .lora_b", "Train the adapter without extra layers and norms, or merge it into the model.");

            var target = tensor.Name[..^LoraA.Length];
            if (file.Find(target + (isA ? LoraB : LoraA)) is not { } other)
                throw Fault($"the tensor {name} lacks its {(isA ? LoraB : LoraA)}");
            if (!Types.Contains(tensor.Type))
                throw Fault($"the tensor {name} has the type {tensor.Type.Name()}; adapters are {string.Join(", ", Types)}");
            if (isA)
                yield return Pair(target, tensor, other);
        }
    }

    private LoraPair Pair(string target, GgufTensor a, GgufTensor b)
    {
        var name = GgufName.Printable(target);
        if (a.Shape.Count != 2 || b.Shape.Count != 2)
            throw Fault($"the pair of {name} is not two matrices", "Train the adapter on plain matrices, or merge it into the model.");
        if (a.Shape[1] != b.Shape[0])
            throw Fault($"the pair of {name} does not fit together: rank {a.Shape[1]} in {LoraA} and {b.Shape[0]} in {LoraB}");
        if (a.Shape[1] > MostRank)
            throw Fault($"the pair of {name} has rank {a.Shape[1]}; 1 to {MostRank} makes sense", "Merge it into the model.");
        return new LoraPair(target, a, b, Alpha == 0 ? 1 : Alpha / a.Shape[1]);
    }

    private GgufException Fault(string problem, string remedy = "Convert the adapter again with a current converter.") => new(Path, problem, remedy);
}
