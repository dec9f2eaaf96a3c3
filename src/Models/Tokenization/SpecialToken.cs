namespace Penstock.Models.Tokenization;

/// <summary>A token that is found in the text as it is written, before anything is encoded.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">How it is written.</param>
/// <param name="ByteLength">Length of the text in UTF-8.</param>
/// <param name="AlwaysFound">User-defined tokens are always found; control tokens only where the caller allows it.</param>
/// <param name="StripsLeft">Whether it swallows the white space in front of it.</param>
/// <param name="StripsRight">Whether it swallows the white space behind it.</param>
internal sealed record SpecialToken(int Id, string Text, int ByteLength, bool AlwaysFound, bool StripsLeft, bool StripsRight);
