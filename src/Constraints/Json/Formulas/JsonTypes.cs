namespace Penstock.Constraints.Json.Formulas;

/// <summary>A set of kinds of JSON values. The words are kinds of their own, so that <c>const: true</c> is a set of kinds as well.</summary>
[Flags]
internal enum JsonTypes : byte
{
    None = 0,
    Null = 1,
    True = 2,
    False = 4,
    Number = 8,
    String = 16,
    Array = 32,
    Object = 64,
    Boolean = True | False,
    Words = Null | True | False,
    All = Words | Number | String | Array | Object,
}
