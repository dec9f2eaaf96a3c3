using Penstock.Constraints.Text.Nodes;
using Penstock.Contracts;
using Penstock.Contracts.Errors;

namespace Penstock.Constraints.Text.Ecma;

/// <summary>Turns ECMA 262 patterns into nodes.</summary>
internal static class PatternCompiler
{
    /// <summary>The texts in which a match is found.</summary>
    public static Outcome<Node> Search(NodePool pool, TextLimits limits, string pattern) => Compile(limits, pattern, tree => new Lowering(pool).Search(tree));

    /// <summary>The texts that match as a whole.</summary>
    public static Outcome<Node> Whole(NodePool pool, TextLimits limits, string pattern) => Compile(limits, pattern, tree => new Lowering(pool).Whole(tree));

    private static Outcome<Node> Compile(TextLimits limits, string pattern, Func<PatternTree, Lowering.Result> lower)
    {
        if (pattern.Length > limits.PatternLength)
            return Refuse($"has {pattern.Length} characters; {limits.PatternLength} are the most");

        var parser = new PatternParser(pattern, limits.Nesting);
        if (parser.Parse() is not { } tree)
            return Refuse($"has {parser.Error}");

        var (node, problem) = lower(tree);
        return node is null ? Refuse($"has {problem}") : Outcome.Of(node);
    }

    private static Outcome<Node> Refuse(string problem) => new PenstockError(ErrorCode.InvalidRequest, $"The pattern {problem}; change it or leave it out.");
}
