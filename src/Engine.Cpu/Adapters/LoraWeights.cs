namespace Penstock.Engine.Cpu.Adapters;

/// <summary>What an adapter adds to one matrix: <c>scale·B(A x)</c>.</summary>
/// <param name="A">From the inputs to the rank.</param>
/// <param name="B">From the rank to the outputs.</param>
/// <param name="Scale">alpha / rank.</param>
internal sealed record LoraWeights(LoraFactor A, LoraFactor B, float Scale);
