using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// Where keys and values lie in a block of 16 tokens. For each layer the keys of all heads, then the values. Keys are
/// transposed (<c>[head][dimension][token]</c>): one vector holds a dimension of all 16 tokens, so a score is a sum in a lane
/// of its own. Values are <c>[head][token][dimension]</c>, for the same reason. What an element is, the format says.
/// </summary>
internal sealed class KvLayout
{
    public const int BlockTokens = 16;

    public KvLayout(int layers, int heads, int headWidth, KvType type)
    {
        (Layers, Heads, HeadWidth, Type) = (layers, heads, headWidth, type);
        PaddedWidth = (headWidth + 31) / 32 * 32;
        Format = type switch
        {
            KvType.F32 => new KvSingle(headWidth, PaddedWidth),
            KvType.F16 => new KvHalf(headWidth, PaddedWidth),
            _ => new KvBytes(headWidth),
        };
    }

    public int Layers { get; }

    /// <summary>KV heads.</summary>
    public int Heads { get; }

    public int HeadWidth { get; }

    public KvType Type { get; }

    public IKvFormat Format { get; }

    /// <summary>Dimensions of a head as floats: the width, up to a multiple of 32 (two vectors of any kernel); the rest stays zero.</summary>
    public int PaddedWidth { get; }

    /// <summary>Floats of one head's keys (or values) in a block.</summary>
    public int HeadFloats => PaddedWidth * BlockTokens;

    public long BlockBytes => (long)Layers * LayerBytes;

    private int LayerBytes => Heads * (Format.KeyBytes + Format.ValueBytes);

    /// <summary>Whether heads of a width can be kept as a type: of Q8_0 they must be whole blocks.</summary>
    public static bool Allows(KvType type, int headWidth) => type != KvType.Q8_0 || headWidth % KvBytes.Block == 0;

    /// <summary>Byte at which a head's keys begin.</summary>
    public long Keys(int layer, int head) => ((long)layer * LayerBytes) + ((long)head * Format.KeyBytes);

    /// <summary>Byte at which a head's values begin.</summary>
    public long Values(int layer, int head) => ((long)layer * LayerBytes) + ((long)Heads * Format.KeyBytes) + ((long)head * Format.ValueBytes);
}
