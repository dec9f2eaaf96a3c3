namespace Penstock.Models.Quantization;

/// <summary>What <see cref="ModelQuantizer"/> did.</summary>
/// <param name="Converted">Tensors that changed their type.</param>
/// <param name="Unfit">Matrices that got another type than the mix wants, because their rows are not whole blocks of its base type.</param>
/// <param name="SourceBytes">Bytes of the file that was read.</param>
/// <param name="TargetBytes">Bytes of the file that was written.</param>
public sealed record QuantizationReport(int Converted, IReadOnlyList<string> Unfit, long SourceBytes, long TargetBytes);
