using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>Python's <c>split</c>: at a separator, or at runs of white space where none is given.</summary>
internal static class Splitting
{
    public static ListValue Split(string text, Arguments arguments, RenderContext context)
    {
        context.Budget.Characters(text.Length);
        var separator = arguments.Get(0, "sep") switch
        {
            null or NullValue => null,
            StringValue { Text.Length: > 0 } given => given.Text,
            _ => throw new TemplateFault("split() takes a string that is not empty"),
        };
        var splits = arguments.Integer(1, "maxsplit") ?? -1;
        var most = splits < 0 ? int.MaxValue : splits;
        return separator is null ? AtSpace(text, most, context) : At(text, separator, most, context);
    }

    /// <summary>Lines without their ends.</summary>
    public static ListValue Lines(string text, RenderContext context)
    {
        context.Budget.Characters(text.Length);
        List<Value> lines = [];
        for (var start = 0; start < text.Length;)
        {
            var end = text.AsSpan(start).IndexOfAny('\n', '\r');
            end = end < 0 ? text.Length : start + end;
            lines.Add(new StringValue(text[start..end]));
            start = end + (end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? 2 : 1);
            context.Budget.Step();
        }

        return new ListValue(lines);
    }

    public static int Count(string text, string part)
    {
        if (part.Length == 0) return text.Length + 1;
        var count = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal)) count++;
        return count;
    }

    private static ListValue At(string text, string separator, int most, RenderContext context)
    {
        List<Value> parts = [];
        var start = 0;
        while (parts.Count < most && text.IndexOf(separator, start, StringComparison.Ordinal) is >= 0 and var end)
        {
            context.Budget.Step();
            parts.Add(new StringValue(text[start..end]));
            start = end + separator.Length;
        }

        parts.Add(new StringValue(text[start..]));
        return new ListValue(parts);
    }

    private static ListValue AtSpace(string text, int most, RenderContext context)
    {
        List<Value> parts = [];
        for (var start = 0; ;)
        {
            while (start < text.Length && JsText.IsSpace(text[start])) start++;
            if (start == text.Length) return new ListValue(parts);
            var end = start;
            while (end < text.Length && !JsText.IsSpace(text[end])) end++;
            if (parts.Count >= most) end = text.Length;
            context.Budget.Step();
            parts.Add(new StringValue(text[start..end]));
            start = end;
        }
    }
}
