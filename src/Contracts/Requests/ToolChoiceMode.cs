namespace Penstock.Contracts.Requests;

/// <summary>Whether an answer calls tools.</summary>
public enum ToolChoiceMode
{
    /// <summary>As the model likes.</summary>
    Auto,

    /// <summary>The answer is at least one call.</summary>
    Required,

    /// <summary>None may be called. A local model is not told of any; a provider may want those that earlier messages used.</summary>
    None,
}
