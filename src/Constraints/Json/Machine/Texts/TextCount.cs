using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Machine.Texts;

/// <summary>How many texts lead from a state to acceptance, where counting them does not cost too much.</summary>
internal static class TextCount
{
    /// <summary>The count; <see cref="long.MaxValue"/> for very many, which includes automata too large to look at.</summary>
    public static long Of(TextState state)
    {
        try
        {
            return state.Count;
        }
        catch (ConstraintLimitException)
        {
            return long.MaxValue;
        }
    }
}
