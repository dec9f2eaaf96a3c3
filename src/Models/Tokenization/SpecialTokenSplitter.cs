using System.Buffers;

namespace Penstock.Models.Tokenization;

/// <summary>
/// Finds special tokens that are written in a text. As in llama.cpp the longest are taken first, wherever they stand, and then
/// the shorter ones in what is left; so of two that overlap the longer wins, not the first. Thread-safe.
/// </summary>
internal sealed class SpecialTokenSplitter
{
    /// <summary>White space as C's <c>isspace</c> has it.</summary>
    private const string WhiteSpace = " \t\n\v\f\r";

    private readonly SearchValues<string> all;
    private readonly SearchValues<string> shown;
    private readonly SpecialToken[] longestFirst;

    public SpecialTokenSplitter(IReadOnlyCollection<SpecialToken> tokens)
    {
        all = SearchValues.Create([.. tokens.Select(token => token.Text)], StringComparison.Ordinal);
        shown = SearchValues.Create([.. tokens.Where(token => token.AlwaysFound).Select(token => token.Text)], StringComparison.Ordinal);
        longestFirst = [.. tokens.OrderByDescending(token => token.ByteLength).ThenBy(token => token.Id)];
    }

    /// <summary>The special tokens of a text, in its order and not overlapping.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="parseSpecial">Whether control tokens count.</param>
    public IReadOnlyList<SpecialTokenOccurrence> Find(ReadOnlySpan<char> text, bool parseSpecial)
    {
        if (!text.ContainsAny(parseSpecial ? all : shown))
            return [];

        List<SpecialTokenOccurrence> found = [], extended = [];
        foreach (var token in longestFirst)
        {
            // A vectorized look at the whole text is cheap beside walking the gaps; most vocabularies' special tokens are in no text.
            if ((parseSpecial || token.AlwaysFound) && text.IndexOf(token.Text) >= 0)
            {
                Extend(text, token, found, extended);
                (found, extended) = (extended, found);
            }
        }

        return found;
    }

    /// <summary>Copies what was found, with the token wherever it stands in the gaps.</summary>
    private static void Extend(ReadOnlySpan<char> text, SpecialToken token, List<SpecialTokenOccurrence> found, List<SpecialTokenOccurrence> extended)
    {
        extended.Clear();
        var from = 0;
        foreach (var occurrence in found)
        {
            FindIn(text, token, from, occurrence.Start, extended);
            extended.Add(occurrence);
            from = occurrence.End;
        }

        FindIn(text, token, from, text.Length, extended);
    }

    private static void FindIn(ReadOnlySpan<char> text, SpecialToken token, int from, int to, List<SpecialTokenOccurrence> found)
    {
        for (var at = text[from..to].IndexOf(token.Text); at >= 0; at = text[from..to].IndexOf(token.Text))
        {
            var (start, end) = (from + at, from + at + token.Text.Length);
            while (token.StripsLeft && start > from && WhiteSpace.Contains(text[start - 1]))
                start--;
            while (token.StripsRight && end < to && WhiteSpace.Contains(text[end]))
                end++;
            found.Add(new SpecialTokenOccurrence(token, start, end));
            from = end;
        }
    }
}
