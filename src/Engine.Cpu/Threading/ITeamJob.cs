namespace Penstock.Engine.Cpu.Threading;

/// <summary>Work that a <see cref="ThreadTeam"/> shares out in items. Items are independent: no output depends on who computes it or when.</summary>
internal interface ITeamJob
{
    /// <summary>Computes one item. Must not throw or allocate.</summary>
    /// <param name="item">From 0 to the number of items given to <see cref="ThreadTeam.Run"/>, exclusive.</param>
    /// <param name="worker">Who computes it, below <see cref="ThreadTeam.Size"/>: picks scratch memory, never a result.</param>
    void Execute(int item, int worker);
}
