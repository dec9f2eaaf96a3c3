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
    private readonly Dictionary<string, SpecialToken>.AlternateLookup<ReadOnlySpan<char>> byText;
    private readonly int[] lengths;

    public SpecialTokenSplitter(IReadOnlyCollection<SpecialToken> tokens)
    {
        all = SearchValues.Create([.. tokens.Select(token => token.Text)], StringComparison.Ordinal);
        shown = SearchValues.Create([.. tokens.Where(token => token.AlwaysFound).Select(token => token.Text)], StringComparison.Ordinal);
        byText = tokens.ToDictionary(token => token.Text, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        lengths = [.. tokens.Select(token => token.Text.Length).Distinct()];
    }

    /// <summary>The special tokens of a text, in its order and not overlapping.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="parseSpecial">Whether control tokens count.</param>
    public IReadOnlyList<SpecialTokenOccurrence> Find(ReadOnlySpan<char> text, bool parseSpecial)
    {
        var wanted = parseSpecial ? all : shown;
        var at = text.IndexOfAny(wanted);
        if (at < 0)
            return [];

        var found = new List<SpecialTokenOccurrence>();
        while (at < text.Length)
        {
            foreach (var length in lengths)
            {
                if (at + length <= text.Length && byText.TryGetValue(text.Slice(at, length), out var token) && (parseSpecial || token.AlwaysFound))
                    found.Add(new SpecialTokenOccurrence(token, at, at + length));
            }

            var next = text[(at + 1)..].IndexOfAny(wanted);
            at = next < 0 ? text.Length : at + 1 + next;
        }

        return Choose(text, found);
    }

    private static List<SpecialTokenOccurrence> Choose(ReadOnlySpan<char> text, List<SpecialTokenOccurrence> found)
    {
        var chosen = new List<SpecialTokenOccurrence>(found.Count);
        foreach (var occurrence in found.OrderByDescending(item => item.Token.ByteLength).ThenBy(item => item.Token.Id).ThenBy(item => item.Start))
        {
            var place = PlaceOf(chosen, occurrence.Start);
            var from = place > 0 ? chosen[place - 1].End : 0;
            var to = place < chosen.Count ? chosen[place].Start : text.Length;
            if (from <= occurrence.Start && occurrence.End <= to)
                chosen.Insert(place, Widen(text, occurrence, from, to));
        }

        return chosen;
    }

    private static SpecialTokenOccurrence Widen(ReadOnlySpan<char> text, SpecialTokenOccurrence occurrence, int from, int to)
    {
        var (start, end) = (occurrence.Start, occurrence.End);
        while (occurrence.Token.StripsLeft && start > from && WhiteSpace.Contains(text[start - 1]))
            start--;
        while (occurrence.Token.StripsRight && end < to && WhiteSpace.Contains(text[end]))
            end++;
        return occurrence with { Start = start, End = end };
    }

    /// <summary>How many of the chosen, which are in order, begin before <paramref name="start"/>.</summary>
    private static int PlaceOf(List<SpecialTokenOccurrence> chosen, int start)
    {
        var (low, high) = (0, chosen.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (chosen[middle].Start < start)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
