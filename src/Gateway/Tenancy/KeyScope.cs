using System.IO.Enumeration;

namespace Penstock.Gateway.Tenancy;

/// <summary>Names that a key may use. Immutable.</summary>
/// <param name="patterns">Names, or patterns in which <c>*</c> stands for any characters; empty = everything.</param>
public sealed class KeyScope(IReadOnlyList<string> patterns)
{
    /// <summary>No restriction.</summary>
    public static KeyScope All { get; } = new([]);

    public IReadOnlyList<string> Patterns => patterns;

    public bool Allows(string name)
    {
        if (patterns.Count == 0)
        {
            return true;
        }

        foreach (var pattern in patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
            {
                return true;
            }
        }

        return false;
    }
}
