using System.Text;
using System.Text.Json;
using Penstock.Constraints;
using Penstock.Constraints.Composition;
using Penstock.Constraints.Text;
using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;

namespace Penstock.Engine.Constraining;

/// <summary>Makes constraints of what requests say: of the text that is asked for, and of tools' parameters. Each compile is bounded in time and memory. Thread-safe.</summary>
internal sealed class ContentCompiler(TimeProvider time)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    /// <summary>What the text must be.</summary>
    public Outcome<ConstraintState> Content(OutputConstraint constraint) => Bounded(constraint.Param, () => constraint.Kind switch
    {
        ConstraintKind.Choice => Text(pool => pool.AnyOf(constraint.Choices.Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)), constraint.Param),
        ConstraintKind.Regex => Text(pool => pool.WholePattern(constraint.Source), constraint.Param),
        _ => new PenstockError(ErrorCode.UnsupportedValue, $"{constraint.Param} asks for a form that this server cannot enforce yet.", constraint.Param),
    });

    /// <summary>The tools that an answer may call.</summary>
    /// <param name="request">Declares them.</param>
    /// <param name="notices">Gets what must be said of tools whose schemas are not enforced.</param>
    public static Outcome<IReadOnlyList<CallableTool>> Tools(InferenceRequest request, ICollection<string> notices)
    {
        List<CallableTool> callable = [];
        for (var i = 0; i < request.Tools.Count; i++)
        {
            var tool = request.Tools[i];
            if (request.ToolChoice.Name is { } only && tool.Name != only)
                continue;

            var arguments = Arguments(tool, $"tools[{i}].function.parameters");
            if (!arguments.Ok)
                return arguments.Error;
            callable.Add(new CallableTool(tool.Name, arguments.Value));
        }

        return Outcome.Of<IReadOnlyList<CallableTool>>(callable);
    }

    /// <summary>Whether the form of a tool's arguments can be enforced.</summary>
    public static bool CanEnforce(ToolDefinition tool) => !tool.Json.GetProperty("function").TryGetProperty("parameters", out _);

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

    private static Outcome<ConstraintState> Arguments(ToolDefinition tool, string param)
    {
        // OpenAI: no parameters means an empty list of them.
        if (!tool.Json.GetProperty("function").TryGetProperty("parameters", out var schema) || schema.ValueKind != JsonValueKind.Object)
            return Outcome.Of(LiteralState.Of("{}"u8.ToArray(), EndState.Instance));

        return new PenstockError(ErrorCode.UnsupportedValue, $"{param} asks for a form that this server cannot enforce yet.", param);
    }

    private Outcome<ConstraintState> Text(Func<LanguagePool, Outcome<Language>> make, string param)
    {
        var pool = new LanguagePool(TextLimits.Default) { Deadline = new ConstraintDeadline(time, Budget) };
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
