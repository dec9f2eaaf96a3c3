using Penstock.Lab.Subjects;

namespace Penstock.Lab.Determinism;

/// <summary>Compares answers piece by piece.</summary>
internal static class Divergence
{
    /// <summary>The answer's pieces: its tokens, or its characters (code points) where tokens are not to be compared.</summary>
    public static IReadOnlyList<string> Pieces(Answer answer, bool tokens) =>
        tokens ? answer.Tokens : [.. answer.Text.EnumerateRunes().Select(rune => rune.ToString())];

    /// <summary>Index of the first piece that differs, the end of the shorter one included; null when they are alike.</summary>
    public static int? First(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        var shorter = Math.Min(one.Count, other.Count);
        for (var i = 0; i < shorter; i++)
        {
            if (one[i] != other[i])
                return i;
        }

        return one.Count == other.Count ? null : shorter;
    }

    /// <summary>Share of the longer one's pieces that stand before the first difference; 1 when both are empty.</summary>
    public static double Agreement(IReadOnlyList<string> one, IReadOnlyList<string> other) =>
        First(one, other) is { } at ? (double)at / Math.Max(one.Count, other.Count) : 1;
}
