using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>The members of strings.</summary>
internal static class StringMethods
{
    /// <remarks><c>strip</c> and its like ignore the characters they are given and take white space, as the reference dialect does.</remarks>
    public static Value? Find(string text, string name, RenderContext context) => name switch
    {
        "length" => new IntegerValue(text.Length),
        "upper" => Method(_ => context.Text(CaseMapping.Upper(text))),
        "lower" => Method(_ => context.Text(CaseMapping.Lower(text))),
        "title" => Method(_ => context.Text(JsText.Title(text))),
        "capitalize" => Method(_ => context.Text(JsText.Capitalize(text))),
        "strip" => Method(_ => context.Text(JsText.Trim(text))),
        "lstrip" => Method(_ => context.Text(JsText.TrimStart(text))),
        "rstrip" => Method(_ => context.Text(JsText.TrimEnd(text))),
        "startswith" => Method(a => BooleanValue.Of(HasAffix(a, affix => text.StartsWith(affix, StringComparison.Ordinal), name))),
        "endswith" => Method(a => BooleanValue.Of(HasAffix(a, affix => text.EndsWith(affix, StringComparison.Ordinal), name))),
        "split" => Method(a => Splitting.Split(text, a, context)),
        "splitlines" => Method(_ => Splitting.Lines(text, context)),
        "replace" => Method(a => new StringValue(Replacing.Replace(text, a, context.Budget))),
        "join" => Method(a => Join(text, a, context)),
        "format" => Method(a => new StringValue(Formatting.Format(text, a, context))),
        "find" => Method(a => new IntegerValue(text.IndexOf(a.String(0, "sub"), StringComparison.Ordinal))),
        "count" => Method(a => new IntegerValue(Splitting.Count(text, a.String(0, "sub")))),
        "removeprefix" => Method(a => context.Text(text.StartsWith(a.String(0, "prefix"), StringComparison.Ordinal) ? text[a.String(0, "prefix").Length..] : text)),
        "removesuffix" => Method(a => context.Text(text.EndsWith(a.String(0, "suffix"), StringComparison.Ordinal) ? text[..^a.String(0, "suffix").Length] : text)),
        "isdigit" => Method(_ => BooleanValue.Of(text.Length > 0 && text.All(char.IsDigit))),
        "isalpha" => Method(_ => BooleanValue.Of(text.Length > 0 && text.All(char.IsLetter))),
        "isspace" => Method(_ => BooleanValue.Of(text.Length > 0 && text.All(JsText.IsSpace))),
        _ => null,
    };

    private static FunctionValue Method(Func<Arguments, Value> body) => new("string method", (arguments, _) => body(arguments));

    private static bool HasAffix(Arguments arguments, Predicate<string> has, string method) => arguments.Get(0, "prefix") switch
    {
        StringValue affix => has(affix.Text),
        ListValue list => list.Items.Exists(item => item is StringValue affix ? has(affix.Text) : throw new TemplateFault($"{method}() takes strings")),
        _ => throw new TemplateFault($"{method}() takes a string or a list of strings"),
    };

    private static StringValue Join(string separator, Arguments arguments, RenderContext context) =>
        arguments.Get(0, "iterable") is ListValue list
            ? new StringValue(context.Printing.Joined(list, separator, item => item is StringValue text ? text.Text : throw new TemplateFault("join() takes a list of strings")))
            : throw new TemplateFault("join() takes a list of strings");
}
