using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>Scales and caps logits, in pieces of the vocabulary.</summary>
internal sealed unsafe class LogitsPhase(float* logits, int stride, float scale, float softCap) : ITeamJob
{
    private const int PieceColumns = 8_192;

    private readonly int pieces = (stride + PieceColumns - 1) / PieceColumns;

    /// <summary>Does nothing where the architecture leaves logits as they are.</summary>
    public void Run(ThreadTeam team, int rows)
    {
        if (scale != 1 || softCap > 0)
            team.Run(this, rows * pieces);
    }

    public void Execute(int item, int worker)
    {
        var first = item % pieces * PieceColumns;
        var x = logits + ((long)(item / pieces) * stride) + first;
        var columns = Math.Min(PieceColumns, stride - first);
        if (scale != 1)
            RowKernels.Scale(x, scale, columns);
        if (softCap > 0)
            RowKernels.SoftCap(x, softCap, columns);
    }
}
