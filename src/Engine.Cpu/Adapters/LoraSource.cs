using Penstock.Models.Adapters;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>A tensor of an adapter, row by row in the type in which it is kept.</summary>
internal sealed class LoraSource
{
    private const int BlockColumns = 32;
    private const float MostHalf = 65_504;

    private readonly byte[] stored;
    private readonly float[]? values;
    private readonly int columns;
    private readonly int rowBytes;
    private readonly byte[] row;
    private readonly float[] padded;

    /// <param name="file">The adapter.</param>
    /// <param name="tensor">A tensor of it.</param>
    /// <param name="inBytes">Whether to keep it as Q8_0, whatever it is.</param>
    /// <exception cref="GgufException">The tensor holds NaN or infinities, or cannot be read.</exception>
    public LoraSource(LoraFile file, GgufTensor tensor, bool inBytes)
    {
        var all = file.Read(tensor, out stored);
        columns = (int)tensor.Shape[0];

        // A value beyond the range of halves has no scale.
        Type = inBytes && !all.AsSpan().ContainsAnyExceptInRange(-MostHalf, MostHalf) ? TensorType.Q8_0 : tensor.Type;
        values = Type == tensor.Type ? null : all;
        rowBytes = (int)(tensor.ByteLength / tensor.Shape[1]);
        padded = new float[(columns + BlockColumns - 1) / BlockColumns * BlockColumns];
        row = new byte[padded.Length / BlockColumns * TensorType.Q8_0.BlockBytes()];
    }

    /// <summary>F32, F16, BF16 or Q8_0.</summary>
    public TensorType Type { get; }

    /// <summary>The bytes of a row; of Q8_0 whole blocks, whose last may reach beyond the row. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Row(int index)
    {
        if (values is null)
            return stored.AsSpan(index * rowBytes, rowBytes);

        values.AsSpan(index * columns, columns).CopyTo(padded);
        TensorCodec.Quantize(TensorType.Q8_0, padded, row);
        return row;
    }
}
