namespace Penstock.Models.Templates.Syntax;

/// <summary>What prints or changes something.</summary>
internal abstract record Statement(int Line);

/// <summary>Statements in a row.</summary>
internal sealed record Block(IReadOnlyList<Statement> Statements)
{
    public static Block Empty { get; } = new([]);
}

internal sealed record TextStatement(int Line, string Text) : Statement(Line);

internal sealed record PrintStatement(int Line, Expression Value) : Statement(Line);

/// <summary><c>set target = value</c>, or with a body instead of a value.</summary>
internal sealed record SetStatement(int Line, Expression Target, Expression? Value, Block Body) : Statement(Line);

internal sealed record IfStatement(int Line, Expression Test, Block Body, Block Otherwise) : Statement(Line);

/// <summary><c>for names in iterable if filter</c>; several names unpack each item.</summary>
internal sealed record ForStatement(int Line, IReadOnlyList<string> Names, bool Unpacks, Expression Iterable, Expression? Filter, Block Body, Block Otherwise)
    : Statement(Line);

internal sealed record MacroStatement(int Line, string Name, MacroBody Macro) : Statement(Line);

/// <summary><c>call(parameters) callee(arguments)</c>: the callee may call the body back as <c>caller</c>.</summary>
internal sealed record CallStatement(int Line, MacroBody Caller, CallExpression Call) : Statement(Line);

internal sealed record FilterStatement(int Line, FilterCall Filter, Block Body) : Statement(Line);

internal sealed record BreakStatement(int Line) : Statement(Line);

internal sealed record ContinueStatement(int Line) : Statement(Line);

/// <summary>What a macro runs, and what it takes. It takes spare arguments only if its body reads <c>varargs</c> or <c>kwargs</c>.</summary>
internal sealed record MacroBody(IReadOnlyList<Parameter> Parameters, bool ReadsVarargs, bool ReadsKwargs, Block Body);

internal sealed record Parameter(string Name, Expression? Default);
