namespace Penstock.Models.Templates.Syntax;

/// <summary>One word of a template.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Text">What it says: the decoded text of a string, the digits of a number.</param>
/// <param name="Line">Where it begins in the source, from 1.</param>
internal readonly record struct Token(TokenType Type, string Text, int Line);
