namespace Penstock.Models.Templates.Syntax;

internal enum BinaryOperator
{
    And,
    Or,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    Add,
    Subtract,
    Concatenate,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
}

/// <summary>The operators as they are written.</summary>
internal static class BinaryOperators
{
    public static BinaryOperator Named(string symbol) => symbol switch
    {
        "and" => BinaryOperator.And,
        "or" => BinaryOperator.Or,
        "==" => BinaryOperator.Equal,
        "!=" => BinaryOperator.NotEqual,
        "<" => BinaryOperator.Less,
        "<=" => BinaryOperator.LessOrEqual,
        ">" => BinaryOperator.Greater,
        ">=" => BinaryOperator.GreaterOrEqual,
        "in" => BinaryOperator.In,
        "not in" => BinaryOperator.NotIn,
        "+" => BinaryOperator.Add,
        "-" => BinaryOperator.Subtract,
        "~" => BinaryOperator.Concatenate,
        "*" => BinaryOperator.Multiply,
        "/" => BinaryOperator.Divide,
        "//" => BinaryOperator.FloorDivide,
        "%" => BinaryOperator.Modulo,
        "**" => BinaryOperator.Power,
        _ => throw new ArgumentOutOfRangeException(nameof(symbol), symbol, "No such operator."),
    };

    public static string Symbol(this BinaryOperator binary) => binary switch
    {
        BinaryOperator.And => "and",
        BinaryOperator.Or => "or",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.In => "in",
        BinaryOperator.NotIn => "not in",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Concatenate => "~",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.FloorDivide => "//",
        BinaryOperator.Modulo => "%",
        BinaryOperator.Power => "**",
        _ => throw new ArgumentOutOfRangeException(nameof(binary), binary, "No such operator."),
    };
}
