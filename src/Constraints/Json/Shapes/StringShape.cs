using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Shapes;

/// <summary>The strings of a language with a number of characters between two bounds.</summary>
/// <remarks>
/// Lengths and language never fight: where the language is not every text, <see cref="MinLength"/> is 0 (a longer minimum is part of the language)
/// and <see cref="MaxLength"/> is at least the language's shortest text. So a text of <c>n</c> characters in state <c>s</c> can be ended exactly where
/// <c>n + s.ShortestCharacters</c> is at most <see cref="MaxLength"/>; in the language of every text, where <c>n</c> is.
/// </remarks>
public sealed class StringShape : ValueShape
{
    internal StringShape(Language language, int minLength, int maxLength)
    {
        Language = language;
        MinLength = minLength;
        MaxLength = maxLength;
    }

    /// <summary>The decoded text, as UTF-8.</summary>
    public Language Language { get; }

    /// <summary>Least number of code points.</summary>
    public int MinLength { get; }

    /// <summary>Largest number of code points; <see cref="int.MaxValue"/> where there is no bound.</summary>
    public int MaxLength { get; }
}
