namespace Penstock.Models.Gguf;

/// <summary>Bounds on what a header may ask for. Each lies far above real models and far below what would hurt the machine.</summary>
internal static class GgufLimits
{
    /// <summary>Real files have under 100 pairs.</summary>
    public const int Pairs = 65_536;

    /// <summary>Real files have up to a few thousand tensors.</summary>
    public const int Tensors = 65_536;

    /// <summary>The specification's bound for keys, taken for tensor names too (ggml: 64).</summary>
    public const int KeyBytes = 65_535;

    /// <summary>The longest strings are chat templates, some 100 kB.</summary>
    public const int StringBytes = 16 << 20;

    /// <summary>Everything in front of the weights. A vocabulary of 256,000 tokens with its merges takes about 15 MB.</summary>
    public const long HeaderBytes = 256 << 20;

    /// <summary>ggml's <c>GGML_MAX_DIMS</c>.</summary>
    public const int Dimensions = 4;

    /// <summary>The default of <c>general.alignment</c>.</summary>
    public const uint DefaultAlignment = 32;

    /// <summary>A huge page; a larger alignment has no use.</summary>
    public const uint LargestAlignment = 2 << 20;

    // The least bytes that an item can take: they bound a count by what the rest of the file could hold.
    public const int SmallestPair = sizeof(ulong) + 1 + sizeof(uint) + 1;
    public const int SmallestTensor = sizeof(ulong) + 1 + sizeof(uint) + sizeof(ulong) + sizeof(uint) + sizeof(ulong);
}
