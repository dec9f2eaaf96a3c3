namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// The tokens that share a step of the online softmax: four blocks, counted from position 0 whatever the query. Its length is
/// part of the reduction law.
/// </summary>
internal unsafe struct AttentionSpan
{
    public const int Blocks = 4;
    public const int Tokens = Blocks * KvLayout.BlockTokens;

    /// <summary>Keys of each block.</summary>
    public float** Keys;

    /// <summary>Values of each block.</summary>
    public float** Values;

    /// <summary>Position of the first token.</summary>
    public int Start;

    /// <summary>Blocks that exist so far.</summary>
    public int Count;
}
