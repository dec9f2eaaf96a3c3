using System.Text;
using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>The filters of strings.</summary>
internal static class TextFilters
{
    public static Value? Apply(string name, StringValue operand, Arguments arguments, RenderContext context)
    {
        var text = operand.Text;
        switch (name)
        {
            case "length" or "count":
                return new IntegerValue(text.Length);
            case "upper" or "lower" or "title" or "capitalize" or "replace":
                return ((FunctionValue)StringMethods.Find(text, name, context)!).Call(arguments, new Scope());
            case "trim":
                return context.Text(JsText.Trim(text));
            case "indent":
                return new StringValue(Indent(text, arguments, context.Budget));
            case "join":
                var separator = arguments.String(0, "separator", otherwise: "");
                return separator.Length == 0 ? operand : new StringValue(context.Printing.Joined(ListFilters.Characters(text, context), separator, context.Printing.JoinItem));
            case "int":
                var integer = JsNumber.ParseInteger(text);
                return double.IsNaN(integer) ? arguments.Get(0, "default") ?? new IntegerValue(0) : new IntegerValue(integer);
            case "float":
                var number = JsNumber.ParseFloat(text);
                return double.IsNaN(number) ? arguments.Get(0, "default") ?? new FloatValue(0) : new FloatValue(number);
            case "from_json":
                context.Budget.Characters(text.Length);
                return JsonReader.TryParse(text, context.Budget) ?? throw new TemplateFault("from_json was given text that is not JSON");
            case "list" or "first" or "last" or "reverse":
                var result = ListFilters.Apply(name, ListFilters.Characters(text, context), Arguments.None, context);
                return name == "reverse" ? new StringValue(context.Printing.Joined((ListValue)result!, "", context.Printing.JoinItem)) : result;
            default:
                return null;
        }
    }

    /// <summary>Spaces before every line but the first and empty ones, unless asked for those too.</summary>
    private static string Indent(string text, Arguments arguments, Budget budget)
    {
        var width = arguments.Integer(0, "width") ?? 4;
        var (first, blank) = (arguments.Get(1, "first")?.IsTrue ?? false, arguments.Get(2, "blank")?.IsTrue ?? false);
        if (width < 0) throw new TemplateFault("indent's width may not be negative");
        budget.Characters(text.Length);
        var result = new StringBuilder();
        for (var start = 0; start <= text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            if ((start > 0 || first) && (end > start || blank))
            {
                budget.Characters(width);
                result.Append(' ', width);
            }

            result.Append(text, start, Math.Min(end + 1, text.Length) - start);
            start = end + 1;
        }

        return result.ToString();
    }
}
