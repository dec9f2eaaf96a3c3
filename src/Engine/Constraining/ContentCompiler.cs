using System.Buffers;
using System.Text;
using System.Text.Json;
using Penstock.Constraints;
using Penstock.Constraints.Composition;
using Penstock.Constraints.Grammars;
using Penstock.Constraints.Json.Machine;
using Penstock.Constraints.Json.Schemas;
using Penstock.Constraints.Text;
using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;

namespace Penstock.Engine.Constraining;

/// <summary>Makes constraints of what requests say: of the text that is asked for, and of tools' parameters. Each compile is bounded in time and memory. Thread-safe.</summary>
internal sealed class ContentCompiler(TimeProvider time)
{
    private const string AnyObject = """{"type":"object"}""";

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    // What nests too deep is refused by the compiler's own bound, with its place.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = int.MaxValue };

    /// <summary>Begins the time of one request, which all that is compiled for it shares: a hundred tools take no more of the server than one.</summary>
    public ConstraintDeadline Begin() => new(time, Budget);

    /// <summary>What the text must be.</summary>
    public static Outcome<ConstraintState> Content(OutputConstraint constraint, ConstraintDeadline deadline) => Bounded(constraint.Param, () => constraint.Kind switch
    {
        ConstraintKind.Choice => Text(pool => pool.AnyOf(constraint.Choices.Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)), constraint.Param, deadline),
        ConstraintKind.Regex => Text(pool => pool.WholePattern(constraint.Source), constraint.Param, deadline),
        ConstraintKind.JsonObject => Json(AnyObject, constraint.Param, deadline),
        ConstraintKind.JsonSchema => Json(constraint.Source, constraint.Param, deadline),
        _ => Grammar(constraint.Source, constraint.Param, deadline),
    });

    /// <summary>The tools that an answer may call.</summary>
    /// <param name="request">Declares them.</param>
    /// <param name="deadline">Of the request. Tools whose turn comes after it are those that cannot be enforced.</param>
    /// <param name="notices">Gets what must be said of tools whose schemas are not enforced.</param>
    public Outcome<IReadOnlyList<CallableTool>> Tools(InferenceRequest request, ConstraintDeadline deadline, ICollection<string> notices)
    {
        List<CallableTool> callable = [];
        for (var i = 0; i < request.Tools.Count; i++)
        {
            var tool = request.Tools[i];
            if (request.ToolChoice.Name is { } only && tool.Name != only)
                continue;

            var arguments = Arguments(tool, $"tools[{i}].function.parameters", deadline);
            if (!arguments.Ok && IsStrict(tool))
                return arguments.Error;
            if (!arguments.Ok)
            {
                notices.Add($"The arguments of tool {i} are any JSON object, since its parameters cannot be enforced: {arguments.Error.Message}");
                arguments = Json(AnyObject, "tools", Begin());
            }

            if (!arguments.Ok)
                return arguments.Error;
            callable.Add(new CallableTool(tool.Name, arguments.Value));
        }

        return Outcome.Of<IReadOnlyList<CallableTool>>(callable);
    }

    /// <summary>Does what may meet a bound of the constraint.</summary>
    /// <param name="param">The request's field that is at fault then.</param>
    public static Outcome<T> Bounded<T>(string param, Func<Outcome<T>> compile)
        where T : class
    {
        try
        {
            return compile();
        }
        catch (ConstraintLimitException limit)
        {
            return new PenstockError(ErrorCode.UnsupportedValue, $"{param} is more than the server compiles: {limit.Message}", param);
        }
    }

    private static bool IsStrict(ToolDefinition tool) => tool.Json.GetProperty("function").TryGetProperty("strict", out var strict) && strict.ValueKind == JsonValueKind.True;

    private static Outcome<ConstraintState> Arguments(ToolDefinition tool, string param, ConstraintDeadline deadline)
    {
        // OpenAI: no parameters means an empty list of them.
        if (!tool.Json.GetProperty("function").TryGetProperty("parameters", out var schema) || schema.ValueKind != JsonValueKind.Object)
            return Outcome.Of(LiteralState.Of("{}"u8.ToArray(), EndState.Instance));

        if (!AllowsObjects(schema))
            return new PenstockError(ErrorCode.InvalidRequest, "Arguments are an object, and the schema allows none. Make its type object. (at #/type)", $"{param}#/type");

        return Bounded(param, () => Json(OfObjects(schema), param, deadline));
    }

    // What is no type at all the compiler refuses.
    private static bool AllowsObjects(JsonElement schema) => !schema.TryGetProperty("type", out var type) || type.ValueKind switch
    {
        JsonValueKind.String => type.ValueEquals("object"u8),
        JsonValueKind.Array => type.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.String || one.ValueEquals("object"u8)),
        _ => true,
    };

    // Arguments are an object, whether their schema says so or not. Beside the other keywords, so that references go on meaning what they meant.
    private static JsonElement OfObjects(JsonElement schema)
    {
        if (schema.TryGetProperty("type", out var type) && !(type.ValueKind == JsonValueKind.Array && type.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String)))
            return schema;

        var whole = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(whole, new() { MaxDepth = int.MaxValue }))
        {
            json.WriteStartObject();
            json.WriteString("type", "object");
            foreach (var keyword in schema.EnumerateObject())
            {
                if (!keyword.NameEquals("type"u8))
                    keyword.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonElement.Parse(whole.WrittenSpan, Deep);
    }

    private static Outcome<ConstraintState> Json(string source, string param, ConstraintDeadline deadline)
    {
        using var document = JsonDocument.Parse(source, Deep);
        return Json(document.RootElement, param, deadline);
    }

    private static Outcome<ConstraintState> Json(JsonElement schema, string param, ConstraintDeadline deadline)
    {
        var compiled = JsonSchemaCompiler.Compile(schema, deadline);
        if (!compiled.Ok)
            return compiled.Error with { Param = param + compiled.Error.Param };

        return Outcome.Of(JsonMachine.Start(compiled.Value));
    }

    private static Outcome<ConstraintState> Grammar(string source, string param, ConstraintDeadline deadline)
    {
        var state = GrammarCompiler.Compile(source, TextLimits.Default, deadline);
        return state.Ok ? state : state.Error with { Param = param };
    }

    private static Outcome<ConstraintState> Text(Func<LanguagePool, Outcome<Language>> make, string param, ConstraintDeadline deadline)
    {
        var pool = new LanguagePool(TextLimits.Default) { Deadline = deadline };
        var language = make(pool);
        if (!language.Ok)
            return language.Error with { Param = param };

        if (language.Value.IsEmpty)
            return new PenstockError(ErrorCode.InvalidRequest, $"No text fits {param}. Correct it.", param);

        var start = TextConstraint.At(language.Value.Start);
        pool.Deadline = null;
        return Outcome.Of<ConstraintState>(start);
    }
}
