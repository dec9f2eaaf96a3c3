namespace Penstock.Models.Templates;

/// <summary>The prompt that a template made of a chat.</summary>
/// <param name="Text">To be tokenized with special tokens recognised; a BOS token, if the template wants one, is already in it.</param>
public sealed record RenderedPrompt(string Text);
