namespace Penstock.Models.Templates.Values;

/// <summary>The order of <c>sort</c>, <c>dictsort</c>, <c>min</c> and <c>max</c>: numbers with numbers, text with text, nothing else.</summary>
internal static class Ordering
{
    public static int Compare(Value a, Value b, bool caseSensitive)
    {
        if ((a is NullValue && b is NullValue) || (a is UndefinedValue && b is UndefinedValue)) return 0;
        if (Number(a) is { } x && Number(b) is { } y) return x < y ? -1 : x > y ? 1 : 0;
        if (a is StringValue { Text: var left } && b is StringValue { Text: var right })
        {
            return caseSensitive
                ? string.CompareOrdinal(left, right)
                : string.CompareOrdinal(CaseMapping.Lower(left), CaseMapping.Lower(right));
        }

        throw new TemplateFault($"cannot order {a.Kind} and {b.Kind}");
    }

    private static double? Number(Value value) => value switch
    {
        NumberValue number => number.Number,
        BooleanValue boolean => boolean.IsTrue ? 1 : 0,
        _ => null,
    };
}
