namespace Penstock.Engine.Llama.Contexts;

/// <summary>How a call of <c>llama_decode</c> ended.</summary>
internal enum DecodeOutcome
{
    Completed,

    /// <summary>No cells for the rows; nothing is stored.</summary>
    NoCells,

    /// <summary>The abort signal was seen. Rows of the call may be stored: remove them.</summary>
    Aborted,

    /// <summary>The library refused the rows or failed. Rows of the call may be stored: remove them.</summary>
    Failed,
}
