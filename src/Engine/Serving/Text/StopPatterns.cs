using System.Text;

namespace Penstock.Engine.Serving.Text;

/// <summary>The stop strings of a request as UTF-8 with their failure tables (Knuth, Morris, Pratt 1977). Immutable; shared by the choices.</summary>
internal sealed class StopPatterns
{
    private readonly byte[][] patterns;
    private readonly int[][] borders;

    public StopPatterns(IReadOnlyList<string> stops)
    {
        patterns = [.. stops.Where(stop => stop.Length > 0).Select(Encoding.UTF8.GetBytes)];
        borders = [.. patterns.Select(Borders)];
    }

    public int Count => patterns.Length;

    /// <summary>Bytes of the longest stop string.</summary>
    public int Longest => patterns.Length == 0 ? 0 : patterns.Max(pattern => pattern.Length);

    /// <summary>Takes in one byte of output.</summary>
    /// <param name="matched">For each pattern how many of its bytes the output ends with; updated.</param>
    /// <param name="value">The byte.</param>
    /// <param name="withheld">Bytes at the output's end that may become a stop string.</param>
    /// <returns>Length of the longest stop string that ends here, or 0.</returns>
    public int Advance(Span<int> matched, byte value, out int withheld)
    {
        var complete = withheld = 0;
        for (var i = 0; i < patterns.Length; i++)
        {
            var (pattern, border, length) = (patterns[i], borders[i], matched[i]);
            while (length > 0 && pattern[length] != value)
                length = border[length - 1];
            if (pattern[length] == value)
                length++;
            if (length == pattern.Length)
                complete = Math.Max(complete, length);
            matched[i] = length == pattern.Length ? border[length - 1] : length;
            withheld = Math.Max(withheld, matched[i]);
        }

        return complete;
    }

    private static int[] Borders(byte[] pattern)
    {
        var table = new int[pattern.Length];
        for (var (i, length) = (1, 0); i < pattern.Length; i++)
        {
            while (length > 0 && pattern[i] != pattern[length])
                length = table[length - 1];
            if (pattern[i] == pattern[length])
                length++;
            table[i] = length;
        }

        return table;
    }
}
