using System.Globalization;

namespace Penstock.Gateway.Configuration;

/// <summary>Processors as Linux writes them in lists: <c>0-3,6</c>.</summary>
public static class ProcessorList
{
    /// <summary>What a list looks like, for messages.</summary>
    public const string Rule = "processors are numbers and ranges, each processor once";

    /// <summary>What to write instead, for messages.</summary>
    public const string Remedy = "Write them like 0-3,6.";

    private const int MostProcessors = 1024;

    /// <summary>The processors in the list's order; null when it is not one.</summary>
    public static IReadOnlyList<int>? Parse(string text)
    {
        var processors = new List<int>();
        foreach (var part in text.Split(','))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (!TryRead(dash < 0 ? part : part[..dash], out var first) || !TryRead(dash < 0 ? part : part[(dash + 1)..], out var last) || last < first)
            {
                return null;
            }

            processors.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return processors.Distinct().Count() == processors.Count ? processors : null;
    }

    private static bool TryRead(string text, out int processor) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out processor) && processor < MostProcessors;
}
