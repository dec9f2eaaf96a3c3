using Penstock.Models.Templates.Syntax;
using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>This part has calls, macros and call blocks.</summary>
internal sealed partial class Interpreter
{
    private Value Call(CallExpression call, Scope scope)
    {
        var arguments = EvaluateArguments(call.Arguments, scope);
        var callee = Callee(call.Callee, scope);
        line = call.Line;
        if (callee is not FunctionValue function) throw new TemplateFault(NotCallable(call.Callee, callee));
        return function.Call(arguments, scope);
    }

    /// <summary>A method, where an entry of the same name that cannot be called hides it.</summary>
    private Value Callee(Expression callee, Scope scope)
    {
        if (callee is not MemberExpression { Member: LiteralExpression { Value: StringValue name } } member) return Evaluate(callee, scope);
        var value = Evaluate(member.Object, scope);
        line = member.Line;
        var found = Members.Get(value, name, context);
        return found is not FunctionValue && value is MappingValue mapping ? MappingMethods.Find(mapping, name.Text, context) ?? found : found;
    }

    private static string NotCallable(Expression callee, Value value) => callee switch
    {
        NameExpression name => $"'{name.Name}' is {value.Kind}, not a function",
        MemberExpression { Member: LiteralExpression { Value: StringValue name } } => $"'{name.Text}' is {value.Kind} here, not a method",
        _ => $"a value that is {value.Kind} cannot be called",
    };

    private Arguments EvaluateArguments(IReadOnlyList<Argument> arguments, Scope scope)
    {
        if (arguments.Count == 0) return Arguments.None;
        List<Value> positional = new(arguments.Count);
        OrderedDictionary<string, Value>? keyword = null;
        foreach (var argument in arguments)
        {
            if (argument.Kind == ArgumentKind.Positional)
                positional.Add(Evaluate(argument.Value, scope));
            else if (argument.Kind == ArgumentKind.Spread)
                positional.AddRange(Evaluate(argument.Value, scope) is ListValue list ? Counted(list) : throw new TemplateFault("only a list can follow '*'"));
        }

        foreach (var argument in arguments)
        {
            if (argument.Kind == ArgumentKind.Keyword)
            {
                AddKeyword(ref keyword, argument.Name, Evaluate(argument.Value, scope));
            }
            else if (argument.Kind == ArgumentKind.KeywordSpread)
            {
                if (Evaluate(argument.Value, scope) is not MappingValue mapping) throw new TemplateFault("only a mapping can follow '**'");
                foreach (var (name, value) in mapping.Entries) AddKeyword(ref keyword, name, value);
            }
        }

        return new Arguments(positional, keyword);
    }

    private List<Value> Counted(ListValue list)
    {
        budget.Step(list.Items.Count);
        return list.Items;
    }

    private void AddKeyword(ref OrderedDictionary<string, Value>? keyword, string name, Value value)
    {
        budget.Step();
        keyword ??= new OrderedDictionary<string, Value>(StringComparer.Ordinal);
        if (!keyword.TryAdd(name, value)) throw new TemplateFault($"the argument '{name}' is given twice");
    }

    /// <summary>The scope of a macro is inside that of its caller, as in the reference dialect.</summary>
    private StringValue RunMacro(string name, MacroBody macro, Arguments arguments, Scope scope)
    {
        Bind(name, macro, arguments, scope);
        var output = Capture(macro.Body, scope);
        return output;
    }

    private Value RunCallBlock(CallStatement block, Scope scope)
    {
        var caller = new FunctionValue("caller", (arguments, _) => RunMacro("caller", block.Caller, arguments, new Scope(scope)));
        var arguments = EvaluateArguments(block.Call.Arguments, scope);
        var callee = Evaluate(block.Call.Callee, scope);
        line = block.Line;
        if (callee is not FunctionValue function) throw new TemplateFault(NotCallable(block.Call.Callee, callee));
        var inside = new Scope(scope);
        inside.Set("caller", caller);
        return function.Call(arguments, inside);
    }

    /// <summary>Every parameter is bound before the first default is evaluated, so that none of them means an outer variable.</summary>
    private void Bind(string name, MacroBody macro, Arguments arguments, Scope scope)
    {
        var keyword = arguments.Keyword is null ? null : new OrderedDictionary<string, Value>(arguments.Keyword, StringComparer.Ordinal);
        List<Parameter> defaults = [];
        for (var i = 0; i < macro.Parameters.Count; i++)
        {
            var parameter = macro.Parameters[i];
            var value = i < arguments.Positional.Count ? arguments.Positional[i] : null;
            if (value is null && keyword is not null && keyword.Remove(parameter.Name, out var named)) value = named;
            if (value is null && parameter.Default is not null) defaults.Add(parameter);
            scope.Set(parameter.Name, value ?? UndefinedValue.Instance);
        }

        if (macro.ReadsKwargs)
            scope.Set("kwargs", keyword is null ? new MappingValue() : new MappingValue(keyword));
        else if (keyword is { Count: > 0 })
            throw new TemplateFault($"the macro '{name}' takes no argument '{keyword.GetAt(0).Key}'");
        if (macro.ReadsVarargs)
            scope.Set("varargs", new ListValue([.. arguments.Positional.Skip(macro.Parameters.Count)]));
        else if (arguments.Positional.Count > macro.Parameters.Count)
            throw new TemplateFault($"the macro '{name}' takes at most {macro.Parameters.Count} arguments");

        foreach (var parameter in defaults) scope.Set(parameter.Name, Evaluate(parameter.Default!, scope));
    }
}
