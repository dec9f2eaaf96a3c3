namespace Penstock.Contracts.Requests;

/// <summary>How a chat may use the tools that it declares. Immutable.</summary>
/// <param name="Mode">Whether the answer calls tools.</param>
/// <param name="Name">The only tool that may be called, when <paramref name="Mode"/> is <see cref="ToolChoiceMode.Required"/>; null = any.</param>
/// <param name="Parallel">Whether one answer may make several calls.</param>
public sealed record ToolChoice(ToolChoiceMode Mode, string? Name = null, bool Parallel = true)
{
    public static ToolChoice None { get; } = new(ToolChoiceMode.None);

    public static ToolChoice Auto { get; } = new(ToolChoiceMode.Auto);
}
