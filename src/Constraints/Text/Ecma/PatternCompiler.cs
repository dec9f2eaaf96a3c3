using Penstock.Constraints.Text.Nodes;
using Penstock.Contracts;
using Penstock.Contracts.Errors;

namespace Penstock.Constraints.Text.Ecma;

/// <summary>Turns ECMA 262 patterns into nodes.</summary>
internal static class PatternCompiler
{
    public static Outcome<Node> Search(NodePool pool, TextLimits limits, string pattern) => Whole(pool, limits, pattern);

    public static Outcome<Node> Whole(NodePool pool, TextLimits limits, string pattern) => pattern.Length == 0 && limits.Nesting > 0
        ? Outcome.Of(pool.All)
        : new PenstockError(ErrorCode.InvalidRequest, $"The pattern of {pattern.Length} characters is not supported.");
}
