namespace Penstock.Models.Quantization.Codecs;

/// <summary>Runs an <see cref="IBlockCodec"/> over whole blocks.</summary>
internal static class Blocks
{
    public static void Read<TCodec>(ReadOnlySpan<byte> source, Span<float> values)
        where TCodec : struct, IBlockCodec
    {
        for (; values.Length > 0; values = values[TCodec.Elements..], source = source[TCodec.Bytes..])
            TCodec.Read(source[..TCodec.Bytes], values[..TCodec.Elements]);
    }

    public static void Write<TCodec>(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Span<byte> destination)
        where TCodec : struct, IBlockCodec
    {
        for (var at = 0; at < values.Length; at += TCodec.Elements, destination = destination[TCodec.Bytes..])
            TCodec.Write(values.Slice(at, TCodec.Elements), weights.IsEmpty ? [] : weights.Slice(at, TCodec.Elements), destination[..TCodec.Bytes]);
    }
}
