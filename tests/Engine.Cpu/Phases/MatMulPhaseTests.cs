using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Tests.Phases;

public sealed unsafe class MatMulPhaseTests
{
    private const int Columns = 4_096;
    private const int WeightRows = 18 * 16;
    private const int Beside = 4;

    // Rows that fit a block and rows that do not, panels that fit the cache and panels that do not.
    [Theory]
    [InlineData(1, 1, 1_000)]
    [InlineData(512, 1, 1_000)]
    [InlineData(512, 1, 1_000_000)]
    [InlineData(3, 4, 1_000_000)]
    [InlineData(100, 4, 1_000_000)]
    public void Run_OfAnySize_TakesPanelsThatLieSideBySideTogetherAndAllOnce(int rows, int threads, long panelBytes)
    {
        using var team = new ThreadTeam(threads);
        var matrix = new RecordingMatrix(WeightRows, Columns, Beside, panelBytes);
        var x = new ActivationRows(null, null, Columns, Columns);
        var phase = new MatMulPhase();
        phase.Begin(in x, rows).Add(matrix, null, WeightRows);
        phase.Run(team);

        Assert.All(matrix.Calls, call => Assert.True(call.Panel % Beside == 0 && (call.Panels % Beside == 0 || call.Panel + call.Panels == matrix.Panels), $"{call}"));
        var pairs = from call in matrix.Calls
                    from row in Enumerable.Range((int)call.FirstRow, call.Rows)
                    from panel in Enumerable.Range(call.Panel, call.Panels)
                    select (row, panel);
        Assert.Equal(
            from row in Enumerable.Range(0, rows) from panel in Enumerable.Range(0, matrix.Panels) select (row, panel),
            pairs.Order());
    }
}
