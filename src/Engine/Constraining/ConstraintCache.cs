using System.Security.Cryptography;
using System.Text;
using Penstock.Contracts;

namespace Penstock.Engine.Constraining;

/// <summary>
/// Constraints that were compiled lately, those that cannot be among them: a refused one must not take its second again with every retry. Thread-safe;
/// requests that ask for the same at the same time compile it once. One that is spent is compiled anew.
/// </summary>
/// <param name="capacity">Most constraints kept; the one that was not asked for the longest goes.</param>
internal sealed class ConstraintCache(int capacity)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> order = new();

    /// <summary>The digest under which something is kept.</summary>
    /// <param name="parts">All that it depends on, in order.</param>
    public static string Key(params IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            // The length in front keeps two lists of parts apart that read the same when joined.
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public Outcome<CompiledConstraint> Get(string key, Func<Outcome<CompiledConstraint>> compile)
    {
        Lazy<Outcome<CompiledConstraint>> result;
        lock (gate)
        {
            if (entries.TryGetValue(key, out var known))
                order.Remove(known);
            if (known is null || known.Value.IsSpent)
                entries[key] = known = new LinkedListNode<Entry>(new Entry(key, new(compile)));
            order.AddFirst(known);
            if (order.Count > capacity)
            {
                entries.Remove(order.Last!.Value.Key);
                order.RemoveLast();
            }

            result = known.Value.Result;
        }

        return result.Value;
    }

    private sealed record Entry(string Key, Lazy<Outcome<CompiledConstraint>> Result)
    {
        public bool IsSpent => Result is { IsValueCreated: true, Value: { Ok: true, Value.IsSpent: true } };
    }
}
