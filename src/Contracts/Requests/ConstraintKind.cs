namespace Penstock.Contracts.Requests;

/// <summary>In what form an <see cref="OutputConstraint"/> says what an answer must be.</summary>
public enum ConstraintKind
{
    /// <summary>Any JSON object.</summary>
    JsonObject,

    /// <summary>A JSON value that a JSON schema allows.</summary>
    JsonSchema,

    /// <summary>A text that a regular expression matches as a whole.</summary>
    Regex,

    /// <summary>One of some texts.</summary>
    Choice,

    /// <summary>A text of a context-free grammar.</summary>
    Grammar,
}
