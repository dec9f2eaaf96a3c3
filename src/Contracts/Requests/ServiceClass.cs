namespace Penstock.Contracts.Requests;

/// <summary>How urgent a request is. The order is the order of service; a class never waits for a later one.</summary>
public enum ServiceClass
{
    /// <summary>A person watches the stream.</summary>
    Interactive,

    /// <summary>The default.</summary>
    Standard,

    /// <summary>Runs in what the others leave over.</summary>
    Batch,
}
