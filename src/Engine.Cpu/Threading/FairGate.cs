namespace Penstock.Engine.Cpu.Threading;

/// <summary>Lets one through at a time, in the order of arrival. Not reentrant; allocates only when made.</summary>
/// <remarks>A lock of .NET may be taken again by who has just left it: a model with steps back to back would starve the other.</remarks>
internal sealed class FairGate
{
    private readonly object sync = new();
    private long arrived;
    private long served;

    /// <summary>How many wait behind the one inside.</summary>
    public long Waiting
    {
        get
        {
            lock (sync)
                return Math.Max(0, arrived - served - 1);
        }
    }

    public void Enter()
    {
        lock (sync)
        {
            var turn = arrived++;
            while (served != turn)
                Monitor.Wait(sync);
        }
    }

    public void Exit()
    {
        lock (sync)
        {
            served++;
            Monitor.PulseAll(sync);
        }
    }
}
