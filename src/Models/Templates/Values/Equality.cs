using Penstock.Models.Templates.Evaluation;

namespace Penstock.Models.Templates.Values;

/// <summary>When two values are equal. The reference dialect compares as JavaScript does: <c>==</c> converts, <c>in</c> does not.</summary>
internal static class Equality
{
    /// <summary>JavaScript's <c>==</c>: none equals undefined, 1 equals "1" and true; lists and mappings equal only themselves.</summary>
    public static bool Loose(Value a, Value b, Printing printing)
    {
        if (IsAbsent(a) || IsAbsent(b)) return IsAbsent(a) && IsAbsent(b);
        if (a is StringValue text && b is StringValue other) return text.Text == other.Text;
        if (IsScalar(a) && IsScalar(b)) return Number(a) == Number(b);
        if (!IsScalar(a) && !IsScalar(b)) return ReferenceEquals(a, b);
        return IsScalar(a)
            ? Loose(a, new StringValue(printing.Plain(b)), printing)
            : Loose(new StringValue(printing.Plain(a)), b, printing);
    }

    /// <summary>JavaScript's <c>===</c>: the same kind and the same value.</summary>
    public static bool Strict(Value a, Value b) => (a, b) switch
    {
        (StringValue x, StringValue y) => x.Text == y.Text,
        (NumberValue x, NumberValue y) => x.Number == y.Number,
        _ => ReferenceEquals(a, b),
    };

    /// <summary>Python's equality of lists: item by item. Only where the reference dialect has no answer.</summary>
    public static bool Deep(Value a, Value b, Budget budget)
    {
        budget.Step();
        if (a is not ListValue x || b is not ListValue y) return Strict(a, b);
        if (x.Items.Count != y.Items.Count) return false;
        budget.Enter();
        var areEqual = true;
        for (var i = 0; i < x.Items.Count && areEqual; i++) areEqual = Deep(x.Items[i], y.Items[i], budget);
        budget.Leave();
        return areEqual;
    }

    private static bool IsAbsent(Value value) => value is UndefinedValue or NullValue;

    private static bool IsScalar(Value value) => value is StringValue or NumberValue or BooleanValue;

    private static double Number(Value value) => value switch
    {
        NumberValue number => number.Number,
        BooleanValue boolean => boolean.IsTrue ? 1 : 0,
        StringValue text => JsNumber.Parse(text.Text),
        _ => double.NaN,
    };
}
