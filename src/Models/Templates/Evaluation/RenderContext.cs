using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>What filters, tests and methods need of the render that they are part of.</summary>
internal sealed class RenderContext
{
    public RenderContext(Budget budget)
    {
        Budget = budget;
        Printing = new Printing(budget);
        Operators = new Operators(this);
    }

    public Budget Budget { get; }

    public Printing Printing { get; }

    public Operators Operators { get; }

    /// <summary>A string that was just made and is paid for here; it may be longer than its operands by a constant at most.</summary>
    public StringValue Text(string text)
    {
        Budget.Characters(text.Length);
        return new StringValue(text);
    }

    /// <summary>A list that was just made of values that exist.</summary>
    public ListValue List(List<Value> items)
    {
        Budget.Step(items.Count);
        return new ListValue(items);
    }
}
