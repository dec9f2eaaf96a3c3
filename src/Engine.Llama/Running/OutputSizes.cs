namespace Penstock.Engine.Llama.Running;

/// <summary>Floats of an output: logits, and a hidden state.</summary>
internal readonly record struct OutputSizes(int VocabularySize, int EmbeddingWidth);
