namespace Penstock.Models.Tokenization;

/// <summary>Encodes the text between special tokens. Thread-safe.</summary>
internal interface ITextEncoder
{
    /// <summary>Appends the tokens of a text.</summary>
    /// <param name="text">Well-formed UTF-16, not empty.</param>
    /// <param name="tokens">Appended to.</param>
    void Encode(ReadOnlySpan<char> text, List<int> tokens);
}
