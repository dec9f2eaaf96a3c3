namespace Penstock.Contracts.Requests;

/// <summary>A raw prompt: text (special tokens in it are recognised) or token ids. Exactly one of the two is set.</summary>
public sealed record PromptInput(string? Text, IReadOnlyList<int>? Tokens);
