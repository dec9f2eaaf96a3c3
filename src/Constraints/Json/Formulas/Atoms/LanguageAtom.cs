using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Formulas.Atoms;

/// <summary>A string is in a language.</summary>
/// <param name="texts">The language as a finite or co-finite set where it is one; else every text, which says nothing.</param>
internal sealed class LanguageAtom(int id, Language language, TextSet texts) : Atom(id, JsonTypes.String)
{
    public Language Language { get; } = language;

    public TextSet Texts { get; } = texts;

    public override Formula Complement(FormulaPool pool) =>
        new LanguageAtom(pool.NextId(), pool.Texts.Not(Language), Texts.IsAll ? Texts : Texts.Complement());

    public override bool HoldsFor(ValueSummary values, int depth) =>
        base.HoldsFor(values, depth) || (!Texts.IsAll && !values.Strings.Overlaps(Texts.Complement()));

    protected override ValueSummary Summarize() => ValueSummary.Any.Intersect(new(JsonTypes.All, Texts, TextSet.All));
}
