namespace Penstock.Engine.Serving.Loop;

/// <summary>Whether a request takes part in the running step, and whether it was cancelled: one word, so that a cancel and a step's begin cannot miss each other.</summary>
internal sealed class StepMembership
{
    /// <summary>Neither in a step nor cancelled.</summary>
    public const long Idle = 0;

    public const long Left = -1;

    private long state;

    public bool Cancelled => Interlocked.Read(ref state) == Left;

    /// <summary>Marks the cancel.</summary>
    /// <returns>The step that it takes part in, <see cref="Idle"/>, or <see cref="Left"/> when it was cancelled before.</returns>
    public long Leave() => Interlocked.Exchange(ref state, Left);

    /// <summary>Joins step <paramref name="number"/> (from 1).</summary>
    /// <returns>What it was before: <see cref="Idle"/>, the number itself, or <see cref="Left"/>, and then it does not join.</returns>
    public long Join(long number) => Interlocked.CompareExchange(ref state, number, Idle);

    public void Quit(long number) => Interlocked.CompareExchange(ref state, Idle, number);
}
