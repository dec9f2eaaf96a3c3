using System.IO.Enumeration;
using Penstock.Contracts.Requests;

namespace Penstock.Ledger.Prices;

/// <summary>What models cost and since when. Immutable and thread-safe.</summary>
public sealed class PriceBook(IReadOnlyList<PriceEntry> entries)
{
    /// <summary>A book without prices.</summary>
    public static PriceBook Empty { get; } = new([]);

    /// <summary>Every entry, in the order in which they were given.</summary>
    public IReadOnlyList<PriceEntry> Entries => entries;

    /// <summary>
    /// The price at this moment, or null where none is known. Of several entries that fit, the one that names the target wins over one for any, then the one that names
    /// the model over a pattern, then the longer pattern, and of those the latest that has begun and not ended.
    /// </summary>
    /// <param name="target">The target's name.</param>
    /// <param name="model">The model's name as the target is asked for it.</param>
    /// <param name="at">When the request was received.</param>
    /// <param name="serviceClass">How it was served.</param>
    public Price? Find(string target, string model, DateTimeOffset at, ServiceClass serviceClass)
    {
        PriceEntry? best = null;
        foreach (var entry in entries)
        {
            if (entry.From <= at && !(entry.Until <= at) && Fits(entry.Model, model) && (entry.Target is null || Fits(entry.Target, target)) && (best is null || Rank(entry).CompareTo(Rank(best)) >= 0))
            {
                best = entry;
            }
        }

        return best is null ? null : new Price(best, serviceClass);
    }

    private static bool Fits(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    private static (bool, bool, int, DateTimeOffset) Rank(PriceEntry entry) => (entry.Target is not null, !entry.Model.Contains('*', StringComparison.Ordinal), entry.Model.Length, entry.From);
}
