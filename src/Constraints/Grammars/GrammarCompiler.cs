using Penstock.Constraints.Text;
using Penstock.Contracts;
using Penstock.Contracts.Errors;

namespace Penstock.Constraints.Grammars;

/// <summary>Makes constraints of context-free grammars: <c>guided_grammar</c>.</summary>
public static class GrammarCompiler
{
    /// <summary>The texts of a grammar's rule <c>root</c>.</summary>
    /// <param name="grammar">In the notation of <c>docs/grammars.md</c>.</param>
    /// <param name="deadline">The time that compiling may take; null for any.</param>
    /// <returns>The first state, or why there is none: a fault in the notation with its line, a rule that is not there, that no text can finish, or that begins with itself.</returns>
    /// <exception cref="ConstraintLimitException">A bound was reached; also while the constraint is stepped.</exception>
    public static Outcome<ConstraintState> Compile(string grammar, TextLimits limits, ConstraintDeadline? deadline = null)
    {
        if (grammar.Length > limits.GrammarLength)
            return Refuse($"has {grammar.Length} characters; {limits.GrammarLength} are the most");

        var parser = new GrammarParser(grammar, limits.Nesting);
        if (parser.Parse() is not { } rules)
            return Refuse($"has {parser.Error}");

        var pool = new LanguagePool(limits) { Deadline = deadline };
        var analysis = GrammarAnalysis.Of(rules, pool.Nodes);
        if (analysis.Problem is { } problem)
            return Refuse($"has {problem}");

        var start = pool.StateOf(new GrammarLowering(rules, analysis, pool.Nodes).Rule("root"));
        pool.Deadline = null;
        return start is null ? Refuse("has no text") : Outcome.Of<ConstraintState>(TextConstraint.At(start));
    }

    private static PenstockError Refuse(string problem) => new(ErrorCode.InvalidRequest, $"The grammar {problem}; correct it.");
}
