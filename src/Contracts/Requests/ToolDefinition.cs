using System.Text.Json;

namespace Penstock.Contracts.Requests;

/// <summary>A tool that the request declares, kept as the client wrote it: templates print it in the client's key order.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Json">The whole definition, <c>{"type":"function","function":{...}}</c>. Owns its document.</param>
public sealed record ToolDefinition(string Name, JsonElement Json);
