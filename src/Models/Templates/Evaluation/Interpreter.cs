using System.Text;
using Penstock.Models.Templates.Syntax;
using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>Runs one render of a template's tree. This part has the statements. One thread, one use.</summary>
internal sealed partial class Interpreter(RenderContext context)
{
    private readonly Budget budget = context.Budget;
    private int line = 1;

    public string Render(Block body, Scope scope)
    {
        try
        {
            var output = new StringBuilder();
            if (Run(body, scope, output) != Flow.Next) throw new TemplateFault("'break' or 'continue' outside a loop");
            return output.ToString();
        }
        catch (TemplateFault fault)
        {
            fault.Line = line;
            throw;
        }
    }

    /// <summary>How a statement ended: with what follows, or by leaving a loop or its round.</summary>
    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    private Flow Run(Block block, Scope scope, StringBuilder output)
    {
        budget.Enter();
        foreach (var statement in block.Statements)
        {
            budget.Step();
            line = statement.Line;
            var flow = Run(statement, scope, output);
            if (flow == Flow.Next) continue;
            budget.Leave();
            return flow;
        }

        budget.Leave();
        return Flow.Next;
    }

    private Flow Run(Statement statement, Scope scope, StringBuilder output)
    {
        switch (statement)
        {
            case TextStatement text:
                Print(text.Text, output);
                return Flow.Next;
            case PrintStatement print:
                var value = Evaluate(print.Value, scope);
                if (value is not (NullValue or UndefinedValue)) Print(context.Printing.Display(value), output);
                return Flow.Next;
            case SetStatement set:
                RunSet(set, scope);
                return Flow.Next;
            case IfStatement choice:
                return Run(Evaluate(choice.Test, scope).IsTrue ? choice.Body : choice.Otherwise, scope, output);
            case ForStatement loop:
                return RunFor(loop, scope, output);
            case MacroStatement macro:
                scope.Set(macro.Name, new FunctionValue(macro.Name, (arguments, caller) => RunMacro(macro.Name, macro.Macro, arguments, new Scope(caller))));
                return Flow.Next;
            case CallStatement call:
                Print(context.Printing.Display(RunCallBlock(call, scope)), output);
                return Flow.Next;
            case FilterStatement filter:
                var filtered = ApplyFilter(Capture(filter.Body, scope), filter.Filter, scope);
                if (filtered is not (NullValue or UndefinedValue)) Print(context.Printing.Display(filtered), output);
                return Flow.Next;
            case BreakStatement:
                return Flow.Break;
            case ContinueStatement:
                return Flow.Continue;
            default:
                throw new InvalidOperationException(statement.GetType().Name);
        }
    }

    private void Print(string text, StringBuilder output)
    {
        budget.Characters(text.Length);
        budget.Output((long)output.Length + text.Length);
        output.Append(text);
    }

    /// <summary>What a block prints, as a value.</summary>
    private StringValue Capture(Block body, Scope scope)
    {
        var output = new StringBuilder();
        if (Run(body, scope, output) != Flow.Next) throw new TemplateFault("'break' or 'continue' may not leave a macro or a block");
        return new StringValue(output.ToString());
    }

    private void RunSet(SetStatement set, Scope scope)
    {
        var value = set.Value is null ? Capture(set.Body, scope) : Evaluate(set.Value, scope);
        line = set.Line;
        switch (set.Target)
        {
            case NameExpression name:
                scope.Set(name.Name, value);
                break;
            case ListExpression { IsTuple: true } tuple:
                Unpack(value, [.. tuple.Items.Select(NameOf)], scope);
                break;
            case MemberExpression { IsDotted: true, Member: LiteralExpression { Value: StringValue name } } member:
                if (Evaluate(member.Object, scope) is not NamespaceValue space)
                    throw new TemplateFault("only an attribute of a namespace can be set");
                space.Entries[name.Text] = value;
                break;
            default:
                throw new TemplateFault("this cannot be set: expected a name, names or a namespace's attribute");
        }
    }

    private static string NameOf(Expression target) =>
        target is NameExpression name ? name.Name : throw new TemplateFault("only names can be unpacked into");

    private void Unpack(Value value, IReadOnlyList<string> names, Scope scope)
    {
        if (value is not ListValue list) throw new TemplateFault($"a {value.Kind} cannot be unpacked");
        if (list.Items.Count != names.Count) throw new TemplateFault($"{list.Items.Count} values cannot be unpacked into {names.Count} names");
        budget.Step(names.Count);
        for (var i = 0; i < names.Count; i++) scope.Set(names[i], list.Items[i]);
    }

    /// <remarks>As in the reference dialect all rounds share one scope, and a round that is left early prints nothing.</remarks>
    private Flow RunFor(ForStatement loop, Scope outer, StringBuilder output)
    {
        var scope = new Scope(outer);
        var items = LoopItems(loop, scope);
        var completed = false;
        for (var i = 0; i < items.Count; i++)
        {
            scope.Set("loop", LoopState(items, i));
            Assign(loop, items[i], scope);
            var start = output.Length;
            var flow = Run(loop.Body, scope, output);
            completed |= flow == Flow.Next;
            if (flow != Flow.Next) output.Length = start;
            if (flow == Flow.Break) break;
        }

        return completed ? Flow.Next : Run(loop.Otherwise, scope, output);
    }

    private List<Value> LoopItems(ForStatement loop, Scope scope)
    {
        var iterable = Evaluate(loop.Iterable, scope);
        line = loop.Line;
        List<Value> items = iterable switch
        {
            ListValue list => [.. list.Items],
            MappingValue mapping => [.. mapping.Keys],
            StringValue text => ListFilters.Characters(text.Text, context).Items,
            UndefinedValue => [],
            _ => throw new TemplateFault($"a {iterable.Kind} cannot be looped over"),
        };
        budget.Step(items.Count);
        if (loop.Filter is null) return items;

        List<Value> kept = [];
        foreach (var item in items)
        {
            var round = new Scope(scope);
            Assign(loop, item, round);
            if (Evaluate(loop.Filter, round).IsTrue) kept.Add(item);
        }

        return kept;
    }

    private void Assign(ForStatement loop, Value item, Scope scope)
    {
        if (!loop.Unpacks)
        {
            scope.Set(loop.Names[0], item);
            return;
        }

        line = loop.Line;
        Unpack(item, loop.Names, scope);
    }

    private static MappingValue LoopState(List<Value> items, int i)
    {
        var loop = new MappingValue();
        loop.Entries.Add("index", new IntegerValue(i + 1));
        loop.Entries.Add("index0", new IntegerValue(i));
        loop.Entries.Add("revindex", new IntegerValue(items.Count - i));
        loop.Entries.Add("revindex0", new IntegerValue(items.Count - i - 1));
        loop.Entries.Add("first", BooleanValue.Of(i == 0));
        loop.Entries.Add("last", BooleanValue.Of(i == items.Count - 1));
        loop.Entries.Add("length", new IntegerValue(items.Count));
        loop.Entries.Add("previtem", i > 0 ? items[i - 1] : UndefinedValue.Instance);
        loop.Entries.Add("nextitem", i < items.Count - 1 ? items[i + 1] : UndefinedValue.Instance);
        return loop;
    }
}
