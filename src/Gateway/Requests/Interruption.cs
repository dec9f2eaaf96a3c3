namespace Penstock.Gateway.Requests;

/// <summary>Who, if anybody, ended a request from outside while it ran.</summary>
public enum Interruption
{
    None,

    /// <summary>The client left or cancelled.</summary>
    Client,

    /// <summary>The server stopped before the answer was done.</summary>
    Server,
}
