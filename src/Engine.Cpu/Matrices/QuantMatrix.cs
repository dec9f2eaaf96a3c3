using System.Buffers.Binary;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Memory;

namespace Penstock.Engine.Cpu.Matrices;

/// <summary>
/// Weights in ggml's blocks of 32 with one half-precision scale (<c>Q8_0</c>, <c>Q4_0</c>): weights and scales of a panel
/// lie apart, so that the weights stay on cache-line borders, and take no byte more than in the file.
/// </summary>
internal abstract unsafe class QuantMatrix<TFormat, TDot> : PackedMatrix
    where TFormat : struct, IQuantFormat
    where TDot : struct, IByteDot
{
    private const int HalfExponent = 0x7C00;
    private const int Steps = 4;

    private readonly byte* weights;
    private readonly ushort* scales;
    private readonly int blocks;

    private protected QuantMatrix(WeightMemory memory, string name, int rows, int columns)
        : base(name, rows, columns)
    {
        blocks = columns / Q8Block.Size;
        weights = memory.Allocate(WeightBytes);
        scales = (ushort*)memory.Allocate(ScaleBytes);
    }

    public override bool QuantizedInput => true;

    public override long Bytes => WeightBytes + ScaleBytes;

    public override int FileRowBytes => blocks * BlockBytes;

    private long WeightBytes => (long)Panels * blocks * Steps * TFormat.StepBytes;

    private long ScaleBytes => (long)Panels * blocks * PanelRows * sizeof(ushort);

    /// <summary>Bytes of a block's weights for one row, without its scale.</summary>
    private static int QuantBytes => Steps * TFormat.StepBytes / PanelRows;

    private static int BlockBytes => sizeof(ushort) + QuantBytes;

    public override bool PackRow(int row, ReadOnlySpan<byte> source)
    {
        var finite = true;
        for (var block = 0; block < blocks; block++)
        {
            var bytes = source.Slice(block * BlockBytes, BlockBytes);
            var scale = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            finite &= (scale & HalfExponent) != HalfExponent;
            *Scale(row, block) = scale;
            PackBlock(bytes[sizeof(ushort)..], Weights(row, block));
        }

        return finite;
    }

    public override void ReadRow(int row, float* destination)
    {
        Span<int> values = stackalloc int[Q8Block.Size];
        for (var block = 0; block < blocks; block++)
        {
            ReadBlock(Weights(row, block), values);
            var scale = (float)BitConverter.UInt16BitsToHalf(*Scale(row, block));
            for (var i = 0; i < Q8Block.Size; i++)
                destination[(block * Q8Block.Size) + i] = scale * values[i];
        }
    }

    public override void Multiply(in ActivationRows x, int count, int panel, int panels, float* y, int stride)
    {
        for (var last = panel + panels; panel < last; panel++)
        {
            var w = Weights(panel * PanelRows, 0);
            var s = Scale(panel * PanelRows, 0);
            var output = y + (panel * PanelRows);
            var row = 0;
            for (; row + 4 <= count; row += 4)
                QuantTile<TFormat, TDot>.Four(w, s, in x, row, output + ((long)row * stride), stride);

            if (row + 2 <= count)
            {
                QuantTile<TFormat, TDot>.Two(w, s, in x, row, output + ((long)row * stride), stride);
                row += 2;
            }

            if (row < count)
                QuantTile<TFormat, TDot>.One(w, s, in x, row, output + ((long)row * stride));
        }
    }

    /// <summary>Spreads one row's block over the panel; <paramref name="target"/> is where the row's first four bytes go, the next are <c>64</c> further.</summary>
    private protected abstract void PackBlock(ReadOnlySpan<byte> quants, byte* target);

    /// <summary>The 32 weights as integers, from where <see cref="PackBlock"/> put them.</summary>
    private protected abstract void ReadBlock(byte* source, Span<int> values);

    private byte* Weights(int row, int block) => weights
        + ((((long)(row / PanelRows) * blocks) + block) * Steps * TFormat.StepBytes) + (row % PanelRows * 4);

    private ushort* Scale(int row, int block) => scales
        + ((((long)(row / PanelRows) * blocks) + block) * PanelRows) + (row % PanelRows);
}
