namespace Penstock.Routing.Selection;

/// <summary>A model's name, or a glob in which <c>*</c> stands for any characters. Immutable.</summary>
public sealed class ModelPattern(string text)
{
    /// <summary>As it is written in the configuration.</summary>
    public string Text => text;

    /// <summary>Whether it is one name and no glob.</summary>
    public bool IsName { get; } = !text.Contains('*', StringComparison.Ordinal);

    /// <summary>Whether it covers the name. Letters count as they are written.</summary>
    public bool Matches(ReadOnlySpan<char> name)
    {
        // Greedy with one point to come back to: linear in practice, never exponential.
        ReadOnlySpan<char> pattern = text;
        var (at, from, star, resume) = (0, 0, -1, 0);
        while (from < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, resume) = (at++, from);
            }
            else if (at < pattern.Length && pattern[at] == name[from])
            {
                at++;
                from++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                from = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }
}
