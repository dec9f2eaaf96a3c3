namespace Penstock.Contracts.Requests;

/// <summary>A function call made by the assistant.</summary>
/// <param name="Id">The call's id, chosen by whoever made it.</param>
/// <param name="Name">The function's name.</param>
/// <param name="ArgumentsJson">The arguments as JSON text, as the model wrote them.</param>
public sealed record ToolCall(string Id, string Name, string ArgumentsJson);
