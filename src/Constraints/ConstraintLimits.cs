using Penstock.Constraints.Text;

namespace Penstock.Constraints;

/// <summary>Bounds on the compilation of one JSON schema. Past one of them the schema is refused, by name of the bound.</summary>
public sealed record ConstraintLimits
{
    public static ConstraintLimits Default { get; } = new();

    /// <summary>Time of the whole compile.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of the schema's text.</summary>
    public int SchemaBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>Arrays and objects within one another in the schema's text.</summary>
    public int Nesting { get; init; } = 256;

    /// <summary>Ways that remain, once choices and negations are multiplied out, in which a value of one type at one place can be valid.</summary>
    public int Alternatives { get; init; } = 2_000;

    /// <summary>Steps of work, a measure of time and memory that does not depend on the machine.</summary>
    public int Steps { get; init; } = 400_000;

    /// <summary>Largest bound on items or properties that a value has to reach (<c>minItems</c>, <c>minProperties</c>, <c>minContains</c>).</summary>
    public int LeastCount { get; init; } = 10_000;

    /// <summary>Bounds on the schema's patterns and names.</summary>
    public TextLimits Texts { get; init; } = TextLimits.Default;
}
