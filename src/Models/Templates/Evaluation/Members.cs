using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>What follows a dot or stands in brackets: an entry, an item, else a method; undefined where there is none.</summary>
internal static class Members
{
    public static Value Get(Value value, Value key, RenderContext context)
    {
        switch (value, key)
        {
            case (MappingValue mapping, StringValue name):
                return mapping.Find(name) ?? MappingMethods.Find(mapping, name.Text, context) ?? Undefined;
            case (MappingValue mapping, _):
                return mapping.Find(key) ?? Undefined;
            case (NamespaceValue space, StringValue name):
                return space.Entries.TryGetValue(name.Text, out var attribute) ? attribute : Undefined;
            case (ListValue list, IntegerValue index):
                return At(index, list.Items.Count) is { } item ? list.Items[item] : Undefined;
            case (StringValue text, IntegerValue index):
                return At(index, text.Text.Length) is { } position ? new StringValue(text.Text.Substring(position, 1)) : Undefined;
            case (ListValue list, StringValue name):
                return ListMethods.Find(list, name.Text, context) ?? Undefined;
            case (StringValue text, StringValue name):
                return StringMethods.Find(text.Text, name.Text, context) ?? Undefined;
            case (_, StringValue or UndefinedValue):
                return Undefined;
            default:
                throw new TemplateFault($"a {value.Kind} has no member that is named by {key.Kind}");
        }
    }

    private static UndefinedValue Undefined => UndefinedValue.Instance;

    /// <summary>Counted from the end where it is negative; null where nothing is there.</summary>
    private static int? At(IntegerValue index, int count)
    {
        var position = double.IsNaN(index.Number) ? 0 : Math.Truncate(index.Number);
        if (position < 0) position += count;
        return position >= 0 && position < count ? (int)position : null;
    }
}
