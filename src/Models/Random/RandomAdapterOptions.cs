using Penstock.Models.Gguf;

namespace Penstock.Models.Random;

/// <summary>The shape of an adapter with random weights.</summary>
public sealed record RandomAdapterOptions
{
    public int Rank { get; init; } = 16;

    public float Alpha { get; init; } = 16;

    /// <summary>How the matrices are stored: F32, F16, BF16 or Q8_0; where rows are not whole blocks, F16.</summary>
    public TensorType Type { get; init; } = TensorType.F16;

    /// <summary>The same seed and base give the same bytes.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether a tensor of the base is changed. Default: all.</summary>
    public Func<string, bool> Changes { get; init; } = _ => true;
}
