using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>Takes tensors out of a file, checks type and shape, and packs them for the kernels. Every fault is one <see cref="GgufException"/> that names the tensor and a remedy.</summary>
internal sealed class TensorLoader(GgufFile file, KernelPath path, IProgress<double>? progress)
{
    private readonly List<IDisposable> loaded = [];
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly long totalBytes = Math.Max(1, file.Tensors.Sum(tensor => tensor.ByteLength));
    private long loadedBytes;

    public bool Has(string name) => file.Find(name) is not null;

    /// <summary>A weight matrix of <paramref name="rows"/> outputs and <paramref name="columns"/> inputs.</summary>
    public PackedMatrix Matrix(string name, int rows, int columns)
    {
        var tensor = Take(name, columns, rows);
        var matrix = Create(tensor, rows, columns);
        loaded.Add(matrix);
        var finite = true;
        Parallel.For(
            0,
            matrix.Panels,
            () => new byte[matrix.FileRowBytes],
            (panel, _, buffer) =>
            {
                if (!Pack(tensor, matrix, panel, buffer))
                    Volatile.Write(ref finite, false);
                return buffer;
            },
            _ => { });
        if (!finite)
            throw NotFinite(name);

        Report(tensor);
        return matrix;
    }

    /// <summary>A vector of floats, padded with zeros to a multiple of 16.</summary>
    public NativeBuffer Vector(string name, int length)
    {
        var tensor = Take(name, length);
        if (tensor.Type != TensorType.F32)
            throw Fault($"the tensor {name} has the type {tensor.Type.Name()}; vectors must be F32", "Convert the model again with a current converter.");

        var buffer = new NativeBuffer((length + 15L) / 16 * 16 * sizeof(float));
        loaded.Add(buffer);
        unsafe
        {
            file.Read(tensor, 0, new Span<byte>(buffer.Pointer, length * sizeof(float)));
            if (new Span<float>(buffer.Floats, length).ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
                throw NotFinite(name);
        }

        Report(tensor);
        return buffer;
    }

    /// <inheritdoc cref="Vector"/>
    /// <returns>Null where the file has no such tensor.</returns>
    public NativeBuffer? OptionalVector(string name, int length) => Has(name) ? Vector(name, length) : null;

    /// <summary>Refuses a file with tensors that nobody took: the model has parts that would be left out of the computation.</summary>
    public void RefuseLeftovers(Func<string, bool> ignorable)
    {
        var left = file.Tensors.Select(tensor => tensor.Name).Where(name => !taken.Contains(name) && !ignorable(name)).ToList();
        if (left.Count > 0)
            throw Fault($"the tensor {left[0]} ({left.Count} of its kind) is not part of the llama architecture as Penstock's CPU engine computes it", "Use a plain llama model without experts or extra layers.");
    }

    /// <summary>Frees what was loaded, after a fault.</summary>
    public void Abandon() => loaded.ForEach(part => part.Dispose());

    public GgufException Fault(string problem, string remedy) => new(file.Path, problem, remedy);

    private bool Pack(GgufTensor tensor, PackedMatrix matrix, int panel, byte[] buffer)
    {
        var finite = true;
        var last = Math.Min(matrix.Rows, (panel + 1) * PackedMatrix.PanelRows);
        for (var row = panel * PackedMatrix.PanelRows; row < last; row++)
        {
            file.Read(tensor, (long)row * buffer.Length, buffer);
            finite &= matrix.PackRow(row, buffer);
        }

        return finite;
    }

    private GgufTensor Take(string name, params ReadOnlySpan<long> shape)
    {
        var tensor = file.Find(name) ?? throw Fault($"the tensor {name} is missing", "The file is not a complete llama model; convert or download it again.");
        if (!tensor.Shape.SequenceEqual(shape.ToArray()))
        {
            throw Fault(
                $"the tensor {name} has the shape [{string.Join(", ", tensor.Shape)}], but the metadata calls for [{string.Join(", ", shape.ToArray())}]",
                "Convert the model again with a current converter.");
        }

        taken.Add(name);
        return tensor;
    }

    private PackedMatrix Create(GgufTensor tensor, int rows, int columns) => tensor.Type switch
    {
        TensorType.F32 => new FloatMatrix<F32Format>(tensor.Name, rows, columns),
        TensorType.F16 => new FloatMatrix<F16Format>(tensor.Name, rows, columns),
        TensorType.BF16 => new FloatMatrix<BF16Format>(tensor.Name, rows, columns),
        TensorType.Q8_0 => path switch
        {
            KernelPath.AvxVnni => new Q8Matrix<VnniDot>(tensor.Name, rows, columns),
            KernelPath.Avx2 => new Q8Matrix<Avx2Dot>(tensor.Name, rows, columns),
            _ => new Q8Matrix<PortableDot>(tensor.Name, rows, columns),
        },
        TensorType.Q4_0 => path switch
        {
            KernelPath.AvxVnni => new Q4Matrix<VnniDot>(tensor.Name, rows, columns),
            KernelPath.Avx2 => new Q4Matrix<Avx2Dot>(tensor.Name, rows, columns),
            _ => new Q4Matrix<PortableDot>(tensor.Name, rows, columns),
        },
        _ => throw Fault(
            $"the tensor {tensor.Name} has the type {tensor.Type.Name()}, which the CPU engine does not compute (it knows F32, F16, BF16, Q8_0 and Q4_0)",
            "Quantize the model to Q8_0 or Q4_0 from its full-precision form: penstock models quantize."),
    };

    private GgufException NotFinite(string name) => Fault($"the tensor {name} holds infinite or NaN weights", "The file is damaged; download or convert it again.");

    private void Report(GgufTensor tensor)
    {
        loadedBytes += tensor.ByteLength;
        progress?.Report((double)loadedBytes / totalBytes);
    }
}
