using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>A part of a step that treats each row on its own. A few rows are done by the caller: waking others would take longer.</summary>
internal abstract class RowPhase : ITeamJob
{
    private const int RowsPerItem = 4;
    private int rows;

    public void Execute(int item, int worker)
    {
        var last = Math.Min(rows, (item + 1) * RowsPerItem);
        for (var row = item * RowsPerItem; row < last; row++)
            Compute(row);
    }

    protected void Run(ThreadTeam team, int count)
    {
        rows = count;
        team.Run(this, (count + RowsPerItem - 1) / RowsPerItem);
    }

    protected abstract void Compute(int row);
}
