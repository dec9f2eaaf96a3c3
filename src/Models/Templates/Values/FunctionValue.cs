using Penstock.Models.Templates.Evaluation;

namespace Penstock.Models.Templates.Values;

/// <summary>What can be called: a built-in, a method bound to its value, or a macro.</summary>
/// <param name="name">What errors call it.</param>
/// <param name="body">Runs it: arguments, and the scope of the call.</param>
internal sealed class FunctionValue(string name, Func<Arguments, Scope, Value> body) : Value
{
    public string Name { get; } = name;

    public override string Kind => "function";

    public override bool IsTrue => true;

    public Value Call(Arguments arguments, Scope scope) => body(arguments, scope);
}
