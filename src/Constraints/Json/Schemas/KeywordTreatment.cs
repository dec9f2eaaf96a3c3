namespace Penstock.Constraints.Json.Schemas;

/// <summary>What becomes of a keyword of a schema.</summary>
public enum KeywordTreatment
{
    /// <summary>No token that breaks it can be chosen.</summary>
    Enforced,

    /// <summary>Checked where a value would close: the closing token cannot be chosen while the keyword is broken.</summary>
    CheckedAtEnd,

    /// <summary>Says nothing about which values are valid.</summary>
    Annotation,

    /// <summary>Cannot be enforced; the schema is not compiled.</summary>
    Refused,
}
