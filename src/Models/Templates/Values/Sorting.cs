using Penstock.Models.Templates.Evaluation;

namespace Penstock.Models.Templates.Values;

/// <summary>
/// A stable merge sort. The runtime's own sorts are unstable, wrap what the comparison throws, and may reject an order that is not total.
/// </summary>
internal static class Sorting
{
    public static List<T> Stable<T>(List<T> items, Comparison<T> compare, Budget budget)
    {
        var from = items.ToArray();
        var to = new T[from.Length];
        for (long width = 1; width < from.Length; width *= 2)
        {
            for (long start = 0; start < from.Length; start += 2 * width)
            {
                var middle = Math.Min(start + width, from.Length);
                var end = Math.Min(start + (2 * width), from.Length);
                Merge(from, to, (int)start, (int)middle, (int)end, compare, budget);
            }

            (from, to) = (to, from);
        }

        return [.. from];
    }

    private static void Merge<T>(T[] from, T[] to, int start, int middle, int end, Comparison<T> compare, Budget budget)
    {
        budget.Step(end - start);
        int left = start, right = middle;
        for (var i = start; i < end; i++)
        {
            var takesLeft = left < middle && (right >= end || compare(from[left], from[right]) <= 0);
            to[i] = takesLeft ? from[left++] : from[right++];
        }
    }
}
