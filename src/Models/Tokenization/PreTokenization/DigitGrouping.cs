namespace Penstock.Models.Tokenization.PreTokenization;

/// <summary>How a run of n digits is cut into threes from the right, in time linear in n (as a pattern it would need a look-ahead for each group).</summary>
internal enum DigitGrouping
{
    None,

    /// <summary>A border behind each group, so that the first group stays with the text in front of it.</summary>
    BehindGroups,

    /// <summary>A border in front of each whole group, so that a short first group stays with what is in front and the text behind with the last group.</summary>
    BeforeGroups,
}
