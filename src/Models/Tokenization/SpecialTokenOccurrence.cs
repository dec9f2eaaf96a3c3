namespace Penstock.Models.Tokenization;

/// <summary>A special token in a text, with the white space that it swallows.</summary>
internal readonly record struct SpecialTokenOccurrence(SpecialToken Token, int Start, int End);
