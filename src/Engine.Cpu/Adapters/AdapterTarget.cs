namespace Penstock.Engine.Cpu.Adapters;

/// <summary>A matrix to which adapters apply.</summary>
/// <param name="Tensor">The tensor that holds it.</param>
/// <param name="Number">Its number among <see cref="AdapterTargets"/>.</param>
/// <param name="FirstRow">Its first row in the tensor.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Quantized">Whether it is.</param>
internal sealed record AdapterTarget(string Tensor, int Number, int FirstRow, int Rows, bool Quantized);
