namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// Where keys and values lie in a block of 16 tokens. For each layer the keys of all heads, then the values. Keys are
/// transposed (<c>[head][dimension][token]</c>): one vector holds a dimension of all 16 tokens, so a score is a sum in a lane
/// of its own. Values are <c>[head][token][dimension]</c>, for the same reason. Single precision.
/// </summary>
internal sealed class KvLayout
{
    public const int BlockTokens = 16;

    public KvLayout(int layers, int heads, int headWidth)
    {
        (Layers, Heads, HeadWidth) = (layers, heads, headWidth);
        PaddedWidth = (headWidth + 31) / 32 * 32;
        HeadFloats = PaddedWidth * BlockTokens;
        BlockFloats = 2L * layers * heads * HeadFloats;
    }

    public int Layers { get; }

    /// <summary>KV heads.</summary>
    public int Heads { get; }

    public int HeadWidth { get; }

    /// <summary>Dimensions stored for each head: the width, up to a multiple of 32 (two vectors of any kernel); the rest stays zero.</summary>
    public int PaddedWidth { get; }

    /// <summary>Floats of one head's keys (or values) in a block.</summary>
    public int HeadFloats { get; }

    public long BlockFloats { get; }

    public long BlockBytes => BlockFloats * sizeof(float);

    public long Keys(int layer, int head) => ((2L * layer * Heads) + head) * HeadFloats;

    public long Values(int layer, int head) => ((((2L * layer) + 1) * Heads) + head) * HeadFloats;
}
