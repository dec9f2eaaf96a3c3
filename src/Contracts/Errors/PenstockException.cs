namespace Penstock.Contracts.Errors;

/// <summary>A <see cref="PenstockError"/> at an edge where only exceptions travel (SDK-shaped APIs, the command line).</summary>
public sealed class PenstockException(PenstockError error, Exception? inner = null) : Exception(error.Message, inner)
{
    /// <summary>The failure as a value.</summary>
    public PenstockError Error { get; } = error;
}
