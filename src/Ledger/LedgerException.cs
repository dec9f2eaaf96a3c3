namespace Penstock.Ledger;

/// <summary>The ledger could not do what was asked. The message says which file, what is wrong and what to do; it is fit for a user.</summary>
public sealed class LedgerException(LedgerFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The cause as a value.</summary>
    public LedgerFault Fault { get; } = fault;

    /// <summary>Whether the ledger keeps the row in memory and writes it as soon as it can, so that nobody else should.</summary>
    public bool WillRetry { get; init; }
}
