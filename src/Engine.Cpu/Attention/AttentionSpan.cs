namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// The tokens that share a step of the online softmax: four blocks, counted from position 0 whatever the query. Its length is
/// part of the reduction law.
/// </summary>
internal unsafe struct AttentionSpan
{
    public const int Blocks = 4;
    public const int Tokens = Blocks * KvLayout.BlockTokens;

    /// <summary>Keys of each block: floats, or halves where they lie.</summary>
    public byte** Keys;

    /// <summary>Values of each block.</summary>
    public byte** Values;

    /// <summary>For each block the keys that are read a span later: asked for at the pace at which these are read, since the hardware drops what is asked for at once.</summary>
    public byte** KeysAhead;

    /// <summary>The same of values.</summary>
    public byte** ValuesAhead;

    /// <summary>Position of the first token.</summary>
    public int Start;

    /// <summary>Blocks that exist so far.</summary>
    public int Count;
}
