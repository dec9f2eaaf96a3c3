namespace Penstock.Engine.Cpu.Attention;

/// <summary>Tables of elements by slot inside a block.</summary>
internal static class KvSlots
{
    private const int Tokens = KvLayout.BlockTokens;

    /// <summary>Bytes, up to whole cache lines.</summary>
    public static int Lines(int bytes) => (bytes + 63) / 64 * 64;

    /// <summary>Zeros the slots from <paramref name="slot"/> on in rows that hold one element a slot.</summary>
    public static void ClearColumns(Span<byte> rows, int elementBytes, int slot)
    {
        for (var row = rows; !row.IsEmpty; row = row[(Tokens * elementBytes)..])
            row[(slot * elementBytes)..(Tokens * elementBytes)].Clear();
    }
}
