namespace Penstock.Engine.Running;

/// <summary>Consecutive tokens of one sequence in a step: a prefill chunk, or one decode row.</summary>
/// <param name="Sequence">Sequence number, below <see cref="RunnerCapabilities.MaxSequences"/>.</param>
/// <param name="Position">Position of the first row: the sequence's length before the step.</param>
/// <param name="Offset">Where its tokens start in <see cref="StepBatch.Tokens"/>.</param>
/// <param name="Count">Number of rows, at least 1.</param>
/// <param name="Output">Which rows need an output.</param>
/// <param name="Adapter">The adapter of its rows; it must be loaded (<see cref="IModelRunner.Adapters"/>). All of a sequence's slices have the same.</param>
public readonly record struct StepSlice(int Sequence, int Position, int Offset, int Count, SliceOutput Output, AdapterUse Adapter);
