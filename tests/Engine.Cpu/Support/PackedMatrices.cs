using Penstock.Engine.Cpu.Matrices;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>Fills matrices as the loader does.</summary>
internal static class PackedMatrices
{
    /// <summary>Packs all rows, panel by panel.</summary>
    /// <returns>False where one of them is not finite.</returns>
    public static bool Pack(this PackedMatrix matrix, IEnumerable<byte[]> rows)
    {
        var panel = 0;
        return rows.Chunk(PackedMatrix.PanelRows).Aggregate(true, (finite, some) => matrix.PackPanel(panel++, some.SelectMany(row => row).ToArray()) && finite);
    }
}
