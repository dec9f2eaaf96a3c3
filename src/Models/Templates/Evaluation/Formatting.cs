using System.Globalization;
using System.Text;
using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>Python's <c>str.format</c> as far as <c>{}</c>, <c>{0}</c>, <c>{name}</c>, <c>{{</c> and <c>}}</c>; format specifications are refused.</summary>
internal static class Formatting
{
    public static string Format(string text, Arguments arguments, RenderContext context)
    {
        var result = new StringBuilder();
        var next = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var doubled = i + 1 < text.Length && text[i + 1] == text[i];
            if (text[i] is '{' or '}' && doubled)
            {
                i++;
            }
            else if (text[i] == '{')
            {
                var end = text.IndexOf('}', i);
                if (end < 0) throw new TemplateFault("format() found '{' without '}'");
                var field = context.Printing.Display(Field(text[(i + 1)..end], arguments, ref next));
                context.Budget.Characters(field.Length);
                result.Append(field);
                i = end;
                continue;
            }
            else if (text[i] == '}')
            {
                throw new TemplateFault("format() found '}' without '{'");
            }

            result.Append(text[i]);
        }

        context.Budget.Characters(text.Length);
        return result.ToString();
    }

    private static Value Field(string name, Arguments arguments, ref int next)
    {
        var index = name.Length == 0 ? next++
            : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : int.MaxValue;
        return arguments.Get(index, name) ?? throw new TemplateFault("format() has a field without an argument, or one with a format specification");
    }
}
