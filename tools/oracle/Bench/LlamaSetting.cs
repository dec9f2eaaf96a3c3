using Penstock.Engine.Llama.Contexts;

namespace Penstock.Tools.Oracle.Bench;

/// <summary>How llama.cpp is set up and called. The defaults are those of its own tools, with the whole step in one call.</summary>
internal sealed record LlamaSetting
{
    /// <summary>The build of its CPU backend; see <see cref="CpuVariants"/>.</summary>
    public required string Variant { get; init; }

    public bool Repack { get; init; } = true;

    public bool Unified { get; init; }

    public FlashAttention Attention { get; init; } = FlashAttention.Auto;

    public KvCellType CellType { get; init; } = KvCellType.F16;

    public int RowsAtOnce { get; init; } = 512;

    /// <summary>A step's prompt tokens in a call of their own.</summary>
    public bool ChunkApart { get; init; }

    /// <summary>Most decoding sequences of a call; 0 = all.</summary>
    public int DecodesACall { get; init; }

    public int Polling { get; init; } = 50;

    /// <summary>What differs from the defaults.</summary>
    public override string ToString()
    {
        string[] parts =
        [
            Variant,
            Repack ? "" : "no repacking",
            Unified ? "unified cells" : "",
            Attention == FlashAttention.Auto ? "" : $"flash attention {(Attention == FlashAttention.On ? "on" : "off")}",
            CellType == KvCellType.F16 ? "" : $"KV {CellType}",
            RowsAtOnce == 512 ? "" : $"ubatch {RowsAtOnce}",
            ChunkApart ? "two calls" : "",
            DecodesACall == 0 ? "" : $"{DecodesACall} decode{(DecodesACall == 1 ? "" : "s")} a call",
            Polling == 50 ? "" : $"polling {Polling}",
        ];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }
}
