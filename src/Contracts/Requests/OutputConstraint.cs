namespace Penstock.Contracts.Requests;

/// <summary>
/// What the text of an answer must be: nothing else can be sampled. Immutable. It begins with the answer's text; a model that thinks does so
/// freely before.
/// </summary>
public sealed record OutputConstraint
{
    public required ConstraintKind Kind { get; init; }

    /// <summary>The request field that holds it, in OpenAI's path notation: errors name it, followed by <c>#</c> and a JSON pointer into a schema.</summary>
    public required string Param { get; init; }

    /// <summary>The schema's JSON, the regular expression or the grammar, as the client wrote it; empty for the other kinds.</summary>
    public string Source { get; init; } = "";

    /// <summary>For <see cref="ConstraintKind.Choice"/>: the texts, at least one. Empty for the other kinds.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}
