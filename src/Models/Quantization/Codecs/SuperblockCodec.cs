using Penstock.Models.Quantization.Search;

namespace Penstock.Models.Quantization.Codecs;

/// <summary>Q2_K to Q6_K: superblocks of 256 values, whose groups have integer scales (and minima) in one F16 unit.</summary>
internal readonly struct SuperblockCodec<TFormat> : IBlockCodec
    where TFormat : struct, ISuperblockFormat
{
    private static readonly float[] Same = [.. Enumerable.Repeat(1f, BlockParts.Size)];

    public static int Elements => BlockParts.Size;

    public static int Bytes => TFormat.Bytes;

    public static void Read(ReadOnlySpan<byte> block, Span<float> values)
    {
        var parts = default(BlockParts);
        TFormat.Unpack(block, ref parts);
        var (unit, minimumUnit) = ((float)parts.Scale, (float)parts.Minimum);
        for (var start = 0; start < values.Length; start += TFormat.GroupSize)
        {
            var group = start / TFormat.GroupSize;
            var scale = unit * parts.Scales[group];
            var minimum = minimumUnit * parts.Minima[group];
            for (var i = start; i < start + TFormat.GroupSize; i++)
                values[i] = (scale * (parts.Levels[i] - TFormat.Offset)) - minimum;
        }
    }

    public static void Write(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Span<byte> block)
    {
        if (weights.IsEmpty)
            weights = Same;
        var parts = default(BlockParts);
        if (TFormat.Offset > 0)
            SymmetricSuperblock<TFormat>.Fit(values, weights, ref parts);
        else
            AffineSuperblock<TFormat>.Fit(values, weights, ref parts);
        TFormat.Pack(in parts, block);
    }
}
