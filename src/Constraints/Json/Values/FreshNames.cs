using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Values;

/// <summary>Names of a language, short ones first, of which those that are taken are passed over once and for all.</summary>
internal sealed class FreshNames(Language language)
{
    private readonly IEnumerator<byte[]> names = TextEnumerator.Texts(language).GetEnumerator();
    private byte[]? next;

    /// <summary>The first name that is not taken, the same until it is; null where there is none.</summary>
    public byte[]? Next(Func<byte[], bool> isTaken, CompileBudget budget)
    {
        budget.Charge();
        while (next is null || isTaken(next))
        {
            budget.Charge();
            if (!names.MoveNext())
            {
                return null;
            }

            next = names.Current;
        }

        return next;
    }
}
