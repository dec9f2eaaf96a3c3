namespace Penstock.Contracts.Requests;

/// <summary>What the client asked for, whatever wire form it used.</summary>
public enum RequestKind
{
    /// <summary>Messages in, an assistant message out.</summary>
    Chat,

    /// <summary>Raw text or tokens in, text out.</summary>
    Completion,

    /// <summary>Text or tokens in, one vector an input out.</summary>
    Embedding,
}
