using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary><c>select</c>, <c>reject</c> and, of mappings by one of their attributes, <c>selectattr</c> and <c>rejectattr</c>.</summary>
internal static class Selection
{
    /// <remarks>As in the reference dialect an item without the attribute fails every test, even <c>undefined</c>.</remarks>
    public static ListValue Apply(ListValue list, Arguments arguments, RenderContext context, bool byAttribute, bool keeps)
    {
        var position = 0;
        var attribute = byAttribute ? arguments.String(position++, "attribute") : null;
        var test = arguments.Positional.Count > position ? arguments.String(position++, "test") : null;
        Value[] others = [.. arguments.Positional.Skip(position)];
        return context.List([.. list.Items.Where(item => Holds(item) == keeps)]);

        bool Holds(Value item)
        {
            context.Budget.Step();
            var value = attribute is null ? item : Entry(item, attribute);
            return value is not null && (test is null ? value.IsTrue : Tests.Holds(test, value, others, context));
        }
    }

    private static Value? Entry(Value item, string attribute) => item switch
    {
        MappingValue mapping => mapping.Entries.GetValueOrDefault(attribute),
        NamespaceValue space => space.Entries.GetValueOrDefault(attribute),
        _ => throw new TemplateFault("selectattr and rejectattr take a list of mappings"),
    };
}
