namespace Penstock.Models.Quantization;

/// <summary>How <see cref="ModelQuantizer"/> works.</summary>
public sealed record QuantizationOptions
{
    /// <summary>What the matrices become.</summary>
    public required QuantizationMix Mix { get; init; }

    /// <summary>What to minimise; null: the plain squared error of the weights.</summary>
    public ImportanceMatrix? Importance { get; init; }

    /// <summary>Take sources that are quantized already. The second rounding adds to the first, so results are worse than from F16.</summary>
    public bool AllowRequantize { get; init; }
}
