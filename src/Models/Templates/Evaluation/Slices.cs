using System.Text;
using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>Python's slices, of lists by item and of text by code point. A step of zero takes nothing.</summary>
internal static class Slices
{
    public static List<T> Take<T>(List<T> items, double? start, double? stop, double? step, Budget budget)
    {
        List<T> taken = [];
        foreach (var i in Indices(items.Count, start, stop, step))
        {
            budget.Step();
            taken.Add(items[i]);
        }

        return taken;
    }

    public static string Take(string text, double? start, double? stop, double? step, Budget budget)
    {
        budget.Characters(text.Length);
        if (text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            budget.Step(text.Length);
            return string.Concat(Take(JsText.CodePoints(text), start, stop, step, budget));
        }

        var taken = new StringBuilder();
        foreach (var i in Indices(text.Length, start, stop, step)) taken.Append(text[i]);
        return taken.ToString();
    }

    private static IEnumerable<int> Indices(int count, double? from, double? to, double? by)
    {
        var step = by ?? 1;
        var forward = step >= 0;
        double start, stop;
        if (forward)
        {
            start = from is null ? 0 : from < 0 ? Math.Max(count + from.Value, 0) : Math.Min(from.Value, count);
            stop = to is null ? count : to < 0 ? Math.Max(count + to.Value, 0) : Math.Min(to.Value, count);
        }
        else
        {
            start = from is null ? count - 1 : from < 0 ? Math.Max(count + from.Value, -1) : Math.Min(from.Value, count - 1);
            stop = to is null ? -1 : to < -1 ? Math.Max(count + to.Value, -1) : Math.Min(to.Value, count - 1);
        }

        if (step == 0) yield break;
        for (var i = start; forward ? i < stop : i > stop; i += step) yield return (int)i;
    }
}
