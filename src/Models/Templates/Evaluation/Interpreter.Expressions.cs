using Penstock.Models.Templates.Syntax;
using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>This part has the expressions.</summary>
internal sealed partial class Interpreter
{
    private Value Evaluate(Expression expression, Scope scope)
    {
        budget.Step();
        budget.Enter();
        line = expression.Line;
        Value value = expression switch
        {
            LiteralExpression literal => literal.Value,
            NameExpression name => scope.Find(name.Name),
            MemberExpression member => Member(member, scope),
            CallExpression call => Call(call, scope),
            BinaryExpression binary => Binary(binary, scope),
            FilterExpression filter => ApplyFilter(Evaluate(filter.Operand, scope), filter.Filter, scope),
            TestExpression test => Test(test, scope),
            UnaryExpression unary => Operators.Unary(unary.Operator, Evaluate(unary.Operand, scope)),
            ConditionalExpression choice => Conditional(choice, scope),
            SliceExpression slice => Slice(slice, scope),
            ListExpression list => new ListValue([.. list.Items.Select(item => Evaluate(item, scope))], list.IsTuple),
            MappingExpression mapping => Mapping(mapping, scope),
            _ => throw new InvalidOperationException(expression.GetType().Name),
        };
        budget.Leave();
        return value;
    }

    private Value Binary(BinaryExpression binary, Scope scope)
    {
        var left = Evaluate(binary.Left, scope);
        if (binary.Operator == BinaryOperator.And) return left.IsTrue ? Evaluate(binary.Right, scope) : left;
        if (binary.Operator == BinaryOperator.Or) return left.IsTrue ? left : Evaluate(binary.Right, scope);
        var right = Evaluate(binary.Right, scope);
        line = binary.Line;
        return context.Operators.Binary(binary.Operator, left, right);
    }

    private Value Conditional(ConditionalExpression choice, Scope scope)
    {
        if (Evaluate(choice.Test, scope).IsTrue) return Evaluate(choice.Then, scope);
        return choice.Otherwise is null ? UndefinedValue.Instance : Evaluate(choice.Otherwise, scope);
    }

    private MappingValue Mapping(MappingExpression mapping, Scope scope)
    {
        var value = new MappingValue();
        foreach (var (key, item) in mapping.Entries)
        {
            var name = Evaluate(key, scope);
            var held = Evaluate(item, scope);
            if (name is StringValue text) value.Entries[text.Text] = held;
            else if (name is IntegerValue number) value.SetInteger(number, held);
            else throw new TemplateFault($"a mapping's key must be a string or an integer, not {name.Kind}");
        }

        return value;
    }

    private Value Member(MemberExpression member, Scope scope)
    {
        var value = Evaluate(member.Object, scope);
        var key = Evaluate(member.Member, scope);
        line = member.Line;
        return Members.Get(value, key, context);
    }

    private Value Slice(SliceExpression slice, Scope scope)
    {
        var value = Evaluate(slice.Object, scope);
        var (start, stop, step) = (Part(slice.Start), Part(slice.Stop), Part(slice.Step));
        line = slice.Line;
        return value switch
        {
            ListValue list => new ListValue(Slices.Take(list.Items, start, stop, step, budget)),
            StringValue text => new StringValue(Slices.Take(text.Text, start, stop, step, budget)),
            _ => throw new TemplateFault($"a {value.Kind} cannot be sliced"),
        };

        double? Part(Expression? part) => part is null ? null : Evaluate(part, scope) switch
        {
            IntegerValue number => number.Number,
            UndefinedValue => null,
            var other => throw new TemplateFault($"a slice's part must be an integer, not {other.Kind}"),
        };
    }

    private BooleanValue Test(TestExpression test, Scope scope)
    {
        var operand = Evaluate(test.Operand, scope);
        var arguments = EvaluateArguments(test.Arguments, scope);
        line = test.Line;
        return BooleanValue.Of(Tests.Holds(test.Name, operand, arguments.Positional, context) != test.IsNegated);
    }

    private Value ApplyFilter(Value operand, FilterCall filter, Scope scope)
    {
        var arguments = filter.Arguments is null ? null : EvaluateArguments(filter.Arguments, scope);
        line = filter.Line;
        return Filters.Apply(filter.Name, operand, arguments, context);
    }
}
