namespace Penstock.Engine.Running;

/// <summary>Raised by any thread to end the running step between two layers; lowered by the loop before the next step.</summary>
public sealed class AbortSignal
{
    private volatile bool raised;

    public bool Raised => raised;

    public void Raise() => raised = true;

    public void Lower() => raised = false;
}
