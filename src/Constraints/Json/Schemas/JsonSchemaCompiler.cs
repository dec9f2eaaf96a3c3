using System.Runtime.InteropServices;
using System.Text.Json;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Normalizing;
using Penstock.Constraints.Text;
using Penstock.Contracts;
using Penstock.Contracts.Errors;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>Compiles JSON schemas: draft 2020-12, and the forms of draft-04, 06, 07 and 2019-09 where they differ.</summary>
/// <remarks>Every error names its place by JSON pointer in <see cref="PenstockError.Param"/>, from <c>#</c>, and nothing is ever fetched.</remarks>
public static class JsonSchemaCompiler
{
    private static readonly Dictionary<string, JsonElement> NoOthers = [];

    /// <summary>Compiles a schema for enforcement.</summary>
    /// <param name="schema">The schema, an object or a boolean.</param>
    /// <param name="limits">Bounds on the work; null for the defaults.</param>
    /// <param name="time">Measures the time that the work takes; null for the system's clock.</param>
    /// <param name="others">Documents that the schema may refer to, by absolute URI without fragment.</param>
    /// <returns>The compiled schema, or an error that names the place.</returns>
    public static Outcome<CompiledSchema> Compile(JsonElement schema, ConstraintLimits? limits = null, TimeProvider? time = null, IReadOnlyDictionary<string, JsonElement>? others = null) =>
        Check(schema, limits, time, others).Outcome;

    /// <summary>Compiles a schema for enforcement within a time that it shares with others, such as those of the other tools of a request.</summary>
    /// <inheritdoc cref="Compile(JsonElement, ConstraintLimits, TimeProvider, IReadOnlyDictionary{string, JsonElement})"/>
    /// <param name="deadline">In place of <see cref="ConstraintLimits.Time"/>.</param>
    public static Outcome<CompiledSchema> Compile(JsonElement schema, ConstraintDeadline deadline, ConstraintLimits? limits = null) =>
        Check(schema, limits ?? ConstraintLimits.Default, deadline, NoOthers).Outcome;

    /// <summary>Compiles a schema and tells what becomes of its keywords, also where it is refused: then of those that were read before that.</summary>
    public static (Outcome<CompiledSchema> Outcome, KeywordReport Report) Check(
        JsonElement schema, ConstraintLimits? limits = null, TimeProvider? time = null, IReadOnlyDictionary<string, JsonElement>? others = null)
    {
        limits ??= ConstraintLimits.Default;
        return Check(schema, limits, new ConstraintDeadline(time ?? TimeProvider.System, limits.Time), others ?? NoOthers);
    }

    private static (Outcome<CompiledSchema> Outcome, KeywordReport Report) Check(
        JsonElement schema, ConstraintLimits limits, ConstraintDeadline deadline, IReadOnlyDictionary<string, JsonElement> others)
    {
        var uses = new UseRecorder();
        var budget = new CompileBudget(limits, deadline);
        Outcome<CompiledSchema> outcome;
        try
        {
            outcome = SchemaText.Check(JsonMarshal.GetRawUtf8Value(schema), limits) is { } error ? error : Build(schema, budget, others, uses);
        }
        catch (SchemaRefusedException refusal)
        {
            outcome = Refusal(ErrorCode.UnsupportedValue, refusal.Message, refusal.Pointer ?? budget.Place);
        }
        catch (ConstraintLimitException limit)
        {
            outcome = Refusal(ErrorCode.UnsupportedValue, limit.Message, budget.Place);
        }
        catch (InsufficientExecutionStackException)
        {
            outcome = Refusal(ErrorCode.UnsupportedValue, "The schema's references and choices lie too deep within one another.", budget.Place);
        }

        return (outcome, uses.Report);
    }

    private static Outcome<CompiledSchema> Build(JsonElement schema, CompileBudget budget, IReadOnlyDictionary<string, JsonElement> others, UseRecorder uses)
    {
        var texts = new LanguagePool(budget.Limits.Texts) { Deadline = budget.Deadline };
        var terms = new TermPool(new FormulaPool(texts, budget));
        var root = terms.Of(new SchemaReader(new SchemaIndex(schema, others), terms, uses).ReadAll());
        if (!root.IsSatisfiable)
        {
            return Refusal(ErrorCode.InvalidRequest, "No JSON value satisfies the schema: its conditions contradict one another.", null);
        }

        TermPool.Explore(root);
        texts.Deadline = budget.Deadline = null;
        return new CompiledSchema(root, texts, uses.Report);
    }

    private static PenstockError Refusal(ErrorCode code, string message, string? pointer) => new(code, $"{message} (at {pointer ?? "#"})", pointer ?? "#");
}
