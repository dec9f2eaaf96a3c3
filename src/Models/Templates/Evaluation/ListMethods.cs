using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>The members of lists. Changing one is Python's; the reference dialect has only <c>length</c>.</summary>
internal static class ListMethods
{
    public static Value? Find(ListValue list, string name, RenderContext context) => name switch
    {
        "length" => new IntegerValue(list.Items.Count),
        "append" when !list.IsTuple => new FunctionValue(name, (arguments, _) => Append(list, arguments)),
        "extend" when !list.IsTuple => new FunctionValue(name, (arguments, _) => Extend(list, arguments, context)),
        "pop" when !list.IsTuple => new FunctionValue(name, (arguments, _) => Pop(list, arguments, context)),
        "index" => new FunctionValue(name, (arguments, _) => Index(list, arguments, context)),
        "count" => new FunctionValue(name, (arguments, _) => Count(list, arguments, context)),
        _ => null,
    };

    private static NullValue Append(ListValue list, Arguments arguments)
    {
        list.Items.Add(Item(arguments, "append"));
        return NullValue.Instance;
    }

    private static NullValue Extend(ListValue list, Arguments arguments, RenderContext context)
    {
        if (Item(arguments, "extend") is not ListValue other) throw new TemplateFault("extend() takes a list");
        context.Budget.Step(other.Items.Count);
        list.Items.AddRange([.. other.Items]);
        return NullValue.Instance;
    }

    private static Value Pop(ListValue list, Arguments arguments, RenderContext context)
    {
        var index = arguments.Integer(0, "index") ?? -1;
        if (index < 0) index += list.Items.Count;
        if (index < 0 || index >= list.Items.Count) throw new TemplateFault("pop() from an empty list, or beyond its end");
        context.Budget.Step(list.Items.Count - index);
        var item = list.Items[index];
        list.Items.RemoveAt(index);
        return item;
    }

    private static IntegerValue Index(ListValue list, Arguments arguments, RenderContext context)
    {
        var item = Item(arguments, "index");
        context.Budget.Step(list.Items.Count);
        var index = list.Items.FindIndex(value => Equality.Strict(value, item));
        return index >= 0 ? new IntegerValue(index) : throw new TemplateFault("index() of an item that is not in the list");
    }

    private static IntegerValue Count(ListValue list, Arguments arguments, RenderContext context)
    {
        var item = Item(arguments, "count");
        context.Budget.Step(list.Items.Count);
        return new IntegerValue(list.Items.Count(value => Equality.Strict(value, item)));
    }

    private static Value Item(Arguments arguments, string function)
    {
        arguments.AtMost(1, function);
        return arguments.Get(0, "item") ?? throw new TemplateFault($"{function}() takes one argument");
    }
}
