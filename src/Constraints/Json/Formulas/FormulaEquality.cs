using Penstock.Constraints.Json.Formulas.Atoms;

namespace Penstock.Constraints.Json.Formulas;

/// <summary>
/// Whether two formulas say the same, as far as that is quick to see: the same schema is often written out at several places. Only ever says so where it is so.
/// </summary>
internal static class FormulaEquality
{
    // How many schemas within schemas are compared.
    private const int Depth = 5;

    public static bool AreSame(Formula left, Formula right) => AreSame(left, right, Depth);

    private static bool AreSame(Formula left, Formula right, int depth)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        var (one, other) = (left.Core, right.Core);
        return ReferenceEquals(one, other) || (depth > 0 && (one, other) switch
        {
            (AllFormula a, AllFormula b) => AreSame(a.Parts, b.Parts, depth - 1),
            (AnyFormula a, AnyFormula b) => AreSame(a.Parts, b.Parts, depth - 1),
            (ItemsAtom a, ItemsAtom b) => AreSame(a.Prefix, b.Prefix, depth - 1) && AreSame(a.Rest, b.Rest, depth - 1),
            (ItemCountAtom a, ItemCountAtom b) => (a.Min, a.Max) == (b.Min, b.Max),
            (PropertyCountAtom a, PropertyCountAtom b) => (a.Min, a.Max) == (b.Min, b.Max),
            (LengthAtom a, LengthAtom b) => (a.Min, a.Max) == (b.Min, b.Max),
            (LanguageAtom a, LanguageAtom b) => ReferenceEquals(a.Language, b.Language),
            (RequiredAtom a, RequiredAtom b) => a.Names.Count == b.Names.Count && a.Names.All(b.Names.Contains),
            (UniqueAtom, UniqueAtom) => true,
            (PropertiesAtom a, PropertiesAtom b) => AreSame(a, b, depth - 1),
            _ => false,
        });
    }

    private static bool AreSame(PropertiesAtom left, PropertiesAtom right, int depth) =>
        left.Named.Count == right.Named.Count
        && left.Patterns.Count == right.Patterns.Count
        && left.Named.All(pair => right.Named.TryGetValue(pair.Key, out var other) && AreSame(pair.Value, other, depth))
        && left.Patterns.Zip(right.Patterns).All(pair => ReferenceEquals(pair.First.Names, pair.Second.Names) && AreSame(pair.First.Value, pair.Second.Value, depth))
        && AreSame(left.Additional, right.Additional, depth);

    private static bool AreSame(IReadOnlyList<Formula> left, IReadOnlyList<Formula> right, int depth)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (var i = 0; i < left.Count; i++)
        {
            if (!AreSame(left[i], right[i], depth))
            {
                return false;
            }
        }

        return true;
    }
}
