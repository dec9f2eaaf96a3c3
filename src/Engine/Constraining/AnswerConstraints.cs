using System.Collections.Concurrent;
using Penstock.Constraints;
using Penstock.Constraints.Masks;
using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Engine.Serving.Answers;
using Penstock.Models.Answers;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Constraining;

/// <summary>What a model's answers must be, as their requests ask for it. Thread-safe: compiling happens on the thread of whoever asks.</summary>
internal sealed class AnswerConstraints(ITokenizer tokenizer, TimeProvider time)
{
    // A constraint with its masks takes some megabytes at most; an application has a handful of schemas.
    private const int Capacity = 64;

    private static readonly HashSet<int> None = [];

    private readonly ConstraintCache cache = new(Capacity);
    private readonly ContentCompiler contents = new(time);
    private readonly ConcurrentDictionary<IReadOnlySet<int>, Lazy<VocabularyTrie>> vocabularies = new(ReferenceEqualityComparer.Instance);

    /// <summary>The constraint of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="reading">How its answers are taken apart; null: they are text.</param>
    /// <param name="constraint">Null where anything may be said.</param>
    /// <returns>Null, or why there can be no such answer.</returns>
    public PenstockError? Of(InferenceRequest request, AnswerReading? reading, out CompiledConstraint? constraint)
    {
        constraint = null;
        if (request.Constraint is null && !Constrains(request, reading?.Syntax))
            return null;
        if (request.IgnoreEndOfGeneration)
            return new PenstockError(ErrorCode.InvalidRequest, "ignore_eos asks for an answer without an end, and a constraint for one that has it. Send one of the two.", "ignore_eos");

        var found = cache.Get(KeyOf(request, reading), () => Compile(request, reading));
        constraint = found.Value;
        return found.Error;
    }

    /// <summary>Whether calls in the answer are constrained: those that must come, and those that may where it is known how the model writes them.</summary>
    public static bool Constrains(InferenceRequest request, AnswerSyntax? syntax) =>
        request.Tools.Count > 0 && (request.ToolChoice.Mode == ToolChoiceMode.Required || (MayCall(request, syntax) && !request.IgnoreEndOfGeneration));

    private static bool MayCall(InferenceRequest request, AnswerSyntax? syntax) =>
        request.Tools.Count > 0 && syntax is { WritesTags: false } && (syntax.Calls.Count > 0 || syntax.BareCalls);

    private static string KeyOf(InferenceRequest request, AnswerReading? reading)
    {
        var choice = request.ToolChoice;
        return ConstraintCache.Key(
        [
            $"{request.Kind} {reading?.Thinking} {choice.Mode} {choice.Parallel} {request.Constraint?.Kind}",
            choice.Name ?? "",
            request.Constraint?.Param ?? "", // A refusal names it.
            request.Constraint?.Source ?? "",
            .. request.Constraint?.Choices ?? [],
            .. request.Tools.SelectMany(tool => (string[])[tool.Name, tool.Json.GetRawText()]),
        ]);
    }

    private Outcome<CompiledConstraint> Compile(InferenceRequest request, AnswerReading? reading)
    {
        List<string> notices = [];
        var answer = AnswerOf(request, reading, notices);
        if (!answer.Ok)
            return answer.Error;

        var shown = reading?.ShownTokens ?? None;
        var vocabulary = vocabularies.GetOrAdd(shown, set => new Lazy<VocabularyTrie>(() => new VocabularyTrie(tokenizer, set))).Value;
        var strips = request.Kind == RequestKind.Chat && tokenizer.StripsLeadingSpace;
        var masks = new MaskBuilder(vocabulary);
        var compiled = ContentCompiler.Bounded(Param(request), () => Outcome.Of(Ready(new CompiledConstraint(answer.Value, masks, strips, notices))));
        return compiled is { Ok: true, Value.LeastTokens: int.MaxValue }
            ? new PenstockError(ErrorCode.UnsupportedValue, "The model's vocabulary has no tokens for a text that the constraint needs. Use other characters, or another model.", Param(request))
            : compiled;
    }

    // The first mask is the loop's business like all others, but here it holds up nobody; and what cannot even begin is refused.
    private static CompiledConstraint Ready(CompiledConstraint constraint)
    {
        var start = constraint.Begin();
        _ = start.Mask;
        return constraint with { LeastTokens = start.EndingTokens };
    }

    private Outcome<ConstraintState> AnswerOf(InferenceRequest request, AnswerReading? reading, List<string> notices)
    {
        var syntax = reading?.Syntax ?? AnswerSyntax.Plain;
        var pattern = new AnswerPattern(syntax);
        var several = request.ToolChoice is { Parallel: true, Name: null };
        var forced = request.Tools.Count > 0 && request.ToolChoice.Mode == ToolChoiceMode.Required;
        var deadline = contents.Begin();
        IReadOnlyList<CallableTool>? tools = null;
        if (forced || MayCall(request, reading?.Syntax))
        {
            var callable = contents.Tools(request, deadline, notices);
            if (!callable.Ok)
                return callable.Error;
            tools = callable.Value;
        }

        if (forced)
            return Outcome.Of(Thinking(pattern.Calls(tools!, several), mayEnd: false));
        if (request.Constraint is not { } constraint)
            return Outcome.Of(Thinking(pattern.FreeText(tools!, several), mayEnd: true));

        var content = ContentCompiler.Content(constraint, deadline);
        if (!content.Ok)
            return content.Error;

        // An answer in the form that was asked for, or calls: free text would be neither.
        var answer = tools is null ? content.Value : Penstock.Constraints.Composition.ChoiceState.Of(content.Value, pattern.Calls(tools, several));
        return Outcome.Of(Thinking(answer, mayEnd: false));

        ConstraintState Thinking(ConstraintState after, bool mayEnd) => pattern.AfterThinking(after, reading?.Thinking ?? ThinkingStage.None, mayEnd);
    }

    private static string Param(InferenceRequest request) => request.Constraint?.Param ?? "tools";
}
