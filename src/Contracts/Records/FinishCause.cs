namespace Penstock.Contracts.Records;

/// <summary>Who ended a generation.</summary>
public enum FinishCause
{
    /// <summary>The model: an end-of-generation token.</summary>
    Model,

    /// <summary>A limit or stop string of the request.</summary>
    Request,

    /// <summary>The client: it left or cancelled.</summary>
    Client,

    /// <summary>The server: overload, drain, a failed runner.</summary>
    Server,
}
