namespace Penstock.Models.Gguf;

/// <summary>What stands in front of the weights: metadata and the tensors' places. Follows ggml's <c>docs/gguf.md</c>.</summary>
internal static class GgufHeader
{
    private const uint Magic = 0x46554747; // "GGUF"

    public static (GgufMetadata Metadata, GgufTensor[] Tensors) Read(GgufReader reader, string path)
    {
        if (reader.FileLength < sizeof(uint) || reader.UInt32("the magic number") != Magic)
            throw reader.Fault("this is not a GGUF file: it does not begin with \"GGUF\"", "Give a model in GGUF format, or convert it with llama.cpp's convert_hf_to_gguf.py.", 0);
        CheckVersion(reader);

        var tensorCount = reader.Count("number", "tensors", GgufLimits.SmallestTensor, GgufLimits.Tensors);
        var pairCount = reader.Count("number", "metadata pairs", GgufLimits.SmallestPair, GgufLimits.Pairs);
        var metadata = new GgufMetadata(path, GgufPairs.Read(reader, pairCount));
        var alignment = metadata.UInt32OrDefault("general.alignment", GgufLimits.DefaultAlignment);
        if (!uint.IsPow2(alignment) || alignment > GgufLimits.LargestAlignment)
            throw reader.Fault($"general.alignment is {alignment}, not a power of two up to {GgufLimits.LargestAlignment}", GgufRemedy.Damaged);
        return (metadata, GgufTensorTable.Read(reader, tensorCount, alignment));
    }

    private static void CheckVersion(GgufReader reader)
    {
        var at = reader.Position;
        var version = reader.UInt32("the version");
        if (version is 2 or 3)
            return;
        throw version is 0x0200_0000 or 0x0300_0000
            ? reader.Fault("the file is big-endian", "Convert the model again on, or for, a little-endian machine.", at)
            : reader.Fault($"GGUF version {version} is not supported", "Convert the model again with a current converter; versions 2 and 3 are read.", at);
    }
}
