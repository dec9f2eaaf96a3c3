namespace Penstock.ProcessOnce;

/// <summary>The places in a delivery's life at which a process may die. Whatever it is, the next delivery goes on from there.</summary>
public enum ProcessingStep
{
    /// <summary>The inbox has not been asked.</summary>
    Received,

    /// <summary>The inbox does not have it; the gateway has not been asked.</summary>
    Asking,

    /// <summary>The gateway has decided; nothing is applied.</summary>
    Decided,

    /// <summary>The effect is in the transaction, which is not committed.</summary>
    Applied,

    /// <summary>The transaction is committed; the delivery is not acknowledged.</summary>
    Committed,
}
