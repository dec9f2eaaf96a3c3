namespace Penstock.Models.Tokenization;

/// <summary>The token types of GGUF (<c>tokenizer.ggml.token_type</c>), with its numbers.</summary>
public enum TokenKind
{
    Undefined = 0,
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}
