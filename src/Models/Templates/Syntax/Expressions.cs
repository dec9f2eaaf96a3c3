using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Syntax;

/// <summary>What has a value. All nodes are immutable and know their line in the source, from 1.</summary>
internal abstract record Expression(int Line);

internal sealed record LiteralExpression(int Line, Value Value) : Expression(Line);

internal sealed record NameExpression(int Line, string Name) : Expression(Line);

/// <summary><c>[a, b]</c>, or <c>a, b</c> when <paramref name="IsTuple"/>.</summary>
internal sealed record ListExpression(int Line, IReadOnlyList<Expression> Items, bool IsTuple) : Expression(Line);

internal sealed record MappingExpression(int Line, IReadOnlyList<(Expression Key, Expression Value)> Entries) : Expression(Line);

/// <summary><c>object.name</c>, <c>object.0</c> or <c>object[index]</c>.</summary>
internal sealed record MemberExpression(int Line, Expression Object, Expression Member, bool IsDotted) : Expression(Line);

/// <summary><c>object[start:stop:step]</c>; null where a part is left out.</summary>
internal sealed record SliceExpression(int Line, Expression Object, Expression? Start, Expression? Stop, Expression? Step) : Expression(Line);

internal sealed record CallExpression(int Line, Expression Callee, IReadOnlyList<Argument> Arguments) : Expression(Line);

/// <summary><c>operand | name(arguments)</c>; arguments are null where there are no parentheses.</summary>
internal sealed record FilterExpression(int Line, Expression Operand, FilterCall Filter) : Expression(Line);

/// <summary><c>operand is not name(arguments)</c>.</summary>
internal sealed record TestExpression(int Line, Expression Operand, string Name, IReadOnlyList<Argument> Arguments, bool IsNegated) : Expression(Line);

internal sealed record UnaryExpression(int Line, UnaryOperator Operator, Expression Operand) : Expression(Line);

internal sealed record BinaryExpression(int Line, BinaryOperator Operator, Expression Left, Expression Right) : Expression(Line);

/// <summary><c>then if test else otherwise</c>; without an else it is undefined where the test fails.</summary>
internal sealed record ConditionalExpression(int Line, Expression Test, Expression Then, Expression? Otherwise) : Expression(Line);

internal sealed record FilterCall(int Line, string Name, IReadOnlyList<Argument>? Arguments);

/// <summary>One argument of a call: <c>value</c>, <c>name=value</c>, <c>*value</c> or <c>**value</c>.</summary>
internal sealed record Argument(ArgumentKind Kind, string Name, Expression Value);

internal enum ArgumentKind
{
    Positional,
    Keyword,
    Spread,
    KeywordSpread,
}

internal enum UnaryOperator
{
    Not,
    Plus,
    Minus,
}
