using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>Takes tensors out of a file, checks type and shape, and packs them for the kernels. Every fault is one <see cref="GgufException"/> that names the tensor and a remedy.</summary>
internal sealed class TensorLoader(GgufFile file, WeightMemory memory, KernelPath path, IProgress<double>? progress)
{
    private readonly string architecture = GgufName.Printable(file.Metadata.String("general.architecture"));
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly long totalBytes = Math.Max(1, file.Tensors.Sum(tensor => tensor.ByteLength));
    private long loadedBytes;

    public bool Has(string name) => file.Find(name) is not null;

    /// <summary>A weight matrix of <paramref name="rows"/> outputs and <paramref name="columns"/> inputs.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="rows">Outputs.</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="first">The tensor's row to begin at, where several matrices share a tensor.</param>
    /// <param name="of">All rows of the tensor; 0 stands for <paramref name="rows"/>.</param>
    public PackedMatrix Matrix(string name, int rows, int columns, int first = 0, int of = 0)
    {
        var tensor = Take(name, columns, of == 0 ? rows : of);
        var matrix = Create(tensor, rows, columns);
        if (!Pack(tensor, matrix, first))
            throw NotFinite(name);

        Report((long)rows * matrix.FileRowBytes);
        return matrix;
    }

    /// <summary>One weight matrix for each expert, from a tensor of three dimensions.</summary>
    public PackedMatrix[] Experts(string name, int count, int rows, int columns)
    {
        var tensor = Take(name, columns, rows, count);
        var experts = new PackedMatrix[count];
        for (var expert = 0; expert < count; expert++)
        {
            experts[expert] = Create(tensor, rows, columns);
            if (!Pack(tensor, experts[expert], (long)expert * rows))
                throw NotFinite(name);
        }

        Report(tensor.ByteLength);
        return experts;
    }

    /// <summary>A vector of floats, padded with zeros to a multiple of 16.</summary>
    public unsafe WeightVector Vector(string name, int length)
    {
        var tensor = Take(name, length);
        if (tensor.Type != TensorType.F32)
            throw Fault($"the tensor {name} has the type {tensor.Type.Name()}; vectors must be F32", "Convert the model again with a current converter.");

        var vector = new WeightVector((float*)memory.Allocate((length + 15L) / 16 * 16 * sizeof(float)), length);
        file.Read(tensor, 0, MemoryMarshal.AsBytes(vector.Span));
        if (vector.Span.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            throw NotFinite(name);

        Report(tensor.ByteLength);
        return vector;
    }

    /// <inheritdoc cref="Vector"/>
    /// <returns>Null where the file has no such tensor.</returns>
    public WeightVector? OptionalVector(string name, int length) => Has(name) ? Vector(name, length) : null;

    /// <summary>Refuses a file with tensors that nobody took: the model has parts that would be left out of the computation.</summary>
    public void RefuseLeftovers(Func<string, bool> ignorable)
    {
        var left = file.Tensors.Select(tensor => tensor.Name).Where(name => !taken.Contains(name) && !ignorable(name)).ToList();
        if (left.Count > 0)
            throw Fault($"the tensor {left[0]} ({left.Count} such in all) is not part of the {architecture} architecture as Penstock's CPU engine computes it", "Use a plain model of that architecture, or run it on llama.cpp (runner: llama).");
    }

    public GgufException Fault(string problem, string remedy) => new(file.Path, problem, remedy);

    // All panels, on all cores; each takes one reading of the file.
    private bool Pack(GgufTensor tensor, PackedMatrix matrix, long firstRow = 0)
    {
        var finite = true;
        try
        {
            Parallel.For(
                0,
                matrix.Panels,
                () => ArrayPool<byte>.Shared.Rent(matrix.FileRowBytes * PackedMatrix.PanelRows),
                (panel, _, buffer) =>
                {
                    if (!PackPanel(tensor, matrix, firstRow, panel, buffer))
                        Volatile.Write(ref finite, false);
                    return buffer;
                },
                buffer => ArrayPool<byte>.Shared.Return(buffer));
        }
        catch (AggregateException error) when (error.InnerException is GgufException fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        return finite;
    }

    private bool PackPanel(GgufTensor tensor, PackedMatrix matrix, long firstRow, int panel, byte[] buffer)
    {
        var first = panel * PackedMatrix.PanelRows;
        var source = buffer.AsSpan(0, Math.Min(matrix.Rows - first, PackedMatrix.PanelRows) * matrix.FileRowBytes);
        file.Read(tensor, (firstRow + first) * matrix.FileRowBytes, source);
        return matrix.PackPanel(panel, source);
    }

    private GgufTensor Take(string name, params ReadOnlySpan<long> shape)
    {
        var tensor = file.Find(name) ?? throw Fault($"the tensor {name} is missing", $"The file is not a complete {architecture} model; convert or download it again.");
        if (!tensor.Shape.SequenceEqual(shape.ToArray()))
        {
            throw Fault(
                $"the tensor {name} has the shape [{string.Join(", ", tensor.Shape)}], but the metadata calls for [{string.Join(", ", shape.ToArray())}]",
                "Convert the model again with a current converter.");
        }

        taken.Add(name);
        return tensor;
    }

    private PackedMatrix Create(GgufTensor tensor, int rows, int columns) => MatrixFactory.Create(tensor.Type, path, memory, tensor.Name, rows, columns)
        ?? throw Fault(
            $"the tensor {tensor.Name} has the type {tensor.Type.Name()}, which the CPU engine does not compute (it knows {MatrixFactory.Types})",
            "Take the model in one of these types, or quantize its full-precision form: penstock models quantize.");

    private GgufException NotFinite(string name) => Fault($"the tensor {name} holds infinite or NaN weights", "The file is damaged; download or convert it again.");

    private void Report(long bytes)
    {
        loadedBytes += bytes;
        progress?.Report((double)loadedBytes / totalBytes);
    }
}
