namespace Penstock.Engine.Running;

/// <summary>
/// What computes: the port between the engine and a backend. Called by one thread at a time (the model's loop), except
/// <see cref="AbortSignal"/>, which any thread may raise. Every implementation passes the conformance kit in
/// <c>tests/Engine.Conformance</c>.
/// </summary>
public interface IModelRunner : IDisposable
{
    /// <summary>What this runner can do and what it promises. Does not change while it lives.</summary>
    RunnerCapabilities Capabilities { get; }

    /// <summary>The runner's KV memory.</summary>
    IKvStore Kv { get; }

    /// <summary>Adapters that slices may use; null = this runner has none.</summary>
    IAdapterStore? Adapters => null;

    /// <summary>
    /// One forward pass. Writes the KV of every row and computes the outputs asked for. The KV must have been reserved
    /// (<see cref="IKvStore.TryReserve"/>) for every slice, and slices must continue their sequence without a hole.
    /// </summary>
    /// <param name="batch">The slices, in any order, any mix of prefill and decode.</param>
    /// <param name="abort">Checked between layers. A step that was aborted has changed no sequence's length.</param>
    /// <returns>How the step ended; never throws for an expected outcome. Allocates nothing.</returns>
    StepOutcome Run(StepBatch batch, AbortSignal abort);

    /// <summary>
    /// Logits of output <paramref name="index"/> of the last completed step: vocabulary-size floats. Outputs are numbered in
    /// the order of the slices and, within <see cref="SliceOutput.EveryRow"/>, of the rows. Valid until the next step; the caller may write into it.
    /// </summary>
    Span<float> Logits(int index);

    /// <summary>Final hidden state (after the output norm) of a row of a slice with <see cref="SliceOutput.Hidden"/>; embedding-width floats, numbered like logits.</summary>
    ReadOnlySpan<float> Hidden(int index);
}
