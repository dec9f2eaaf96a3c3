using Penstock.Constraints.Json.Formulas;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>One way in which the conditions on a value of one type may hold: what is settled so far, and the choices that are open.</summary>
internal sealed class Alternative(TermPool pool, JsonTypes type, ShapeBuilder builder)
{
    // How far a branch is looked into to see that it is true or false for this type.
    private const int LookedInto = 6;

    private HashSet<int> assumed = [];
    private List<AnyFormula> choices = [];

    public JsonTypes Type => type;

    public ShapeBuilder Builder => builder;

    public bool IsContradiction { get; private set; }

    /// <summary>A condition among those that hold which cannot be enforced, or null.</summary>
    public RefusedFormula? Refused { get; private set; }

    /// <summary>Whether <see cref="Refused"/> contradicts what has been assumed, so that no value comes to it.</summary>
    public bool IsRefusalVoid => Refused is { } refused && IsRefuted(refused);

    public Alternative Clone() => new(pool, type, builder.Clone()) { assumed = new(assumed), choices = [.. choices], Refused = Refused };

    /// <summary>Settles that formulas hold.</summary>
    /// <returns>False where no value is left.</returns>
    public bool Assume(IReadOnlyList<Formula> formulas)
    {
        var pending = new Stack<Formula>(formulas.Reverse());
        while (pending.TryPop(out var formula))
        {
            // What has been assumed before holds already, which also ends a schema that refers to itself in place.
            if (!assumed.Add(formula.Id))
            {
                continue;
            }

            if (IsDenied(formula))
            {
                return Contradiction();
            }

            pool.Formulas.Budget.Charge();
            switch (formula)
            {
                case TypesFormula types when !types.Types.Has(type):
                    return Contradiction();
                case AllFormula all:
                    for (var i = all.Parts.Length - 1; i >= 0; i--)
                    {
                        pending.Push(all.Parts[i]);
                    }

                    break;
                case LazyFormula lazy:
                    pending.Push(lazy.Body);
                    break;
                case AnyFormula any:
                    choices.Add(any);
                    break;
                case RefusedFormula refused:
                    Refused ??= refused;
                    break;
                case Atom atom when atom.Type == type && !builder.Add(atom):
                    return Contradiction();
            }
        }

        return true;
    }

    /// <summary>Takes the choices that are none any more, and gives the branches of the one to split next; null where no choice is open.</summary>
    public List<Formula>? NextChoice()
    {
        while (choices.Count > 0)
        {
            var isSettled = true;
            List<Formula>? fewest = null;
            var open = new List<AnyFormula>();
            var before = choices;
            choices = [];
            foreach (var choice in before)
            {
                if (OpenBranches(choice, before.Count > 1) is not { } branches)
                {
                    continue;
                }

                if (branches.Count < 2)
                {
                    if (branches.Count == 0 || !Assume(branches))
                    {
                        Contradiction();
                        return null;
                    }

                    isSettled = false;
                    continue;
                }

                open.Add(choice);
                if (fewest is null || branches.Count < fewest.Count)
                {
                    fewest = branches;
                }
            }

            choices.AddRange(open);
            if (isSettled)
            {
                return fewest;
            }
        }

        return null;
    }

    /// <summary>The branches that are not known to be false; null where one is known to be true.</summary>
    private List<Formula>? OpenBranches(AnyFormula choice, bool probe)
    {
        var open = new List<Formula>(choice.Parts.Length);
        foreach (var part in choice.Parts)
        {
            var truth = Evaluate(part, LookedInto);
            if (truth == true)
            {
                return null;
            }

            if (truth is null)
            {
                open.Add(part);
            }
        }

        if (probe && open.Count > 1)
        {
            open.RemoveAll(part => IsExcluded(part, LookedInto));
        }

        return open;
    }

    /// <summary>Whether one of the conditions that a branch surely has leaves no value.</summary>
    private bool IsExcluded(Formula branch, int depth) => branch switch
    {
        Atom atom => atom.Type == type && builder.Excludes(atom),
        AllFormula all when depth > 0 => Array.Exists(all.Parts, part => IsExcluded(part, depth - 1)) || builder.Excludes(all),
        LazyFormula lazy when depth > 0 => IsExcluded(lazy.Body, depth - 1),
        _ => IsDenied(branch),
    };

    /// <summary>Whether a formula holds for values of the type in this alternative, where that is quick to see.</summary>
    private bool? Evaluate(Formula formula, int depth)
    {
        if (assumed.Contains(formula.Id))
        {
            return true;
        }

        if (IsDenied(formula))
        {
            return false;
        }

        switch (formula)
        {
            case TypesFormula types:
                return types.Types.Has(type);
            case Atom atom:
                return atom.Type != type || builder.Implies(atom) ? true : null;
            case RefusedFormula refused:
                return IsRefuted(refused) ? false : null;
            case AllFormula when depth > 0:
            case AnyFormula when depth > 0:
                return Evaluate(formula is AllFormula all ? all.Parts : ((AnyFormula)formula).Parts, formula is AllFormula, depth - 1);
            case LazyFormula lazy when depth > 0:
                return lazy.Summary.Types.Has(type) ? Evaluate(lazy.Body, depth - 1) : false;
            default:
                return formula.Summary.Types.Has(type) ? null : false;
        }
    }

    private bool? Evaluate(Formula[] parts, bool isConjunction, int depth)
    {
        bool? all = isConjunction;
        foreach (var part in parts)
        {
            var truth = Evaluate(part, depth);
            if (truth == !isConjunction)
            {
                return truth;
            }

            if (truth is null)
            {
                all = null;
            }
        }

        return all;
    }

    private bool IsRefuted(RefusedFormula refused) => refused.Complemented.Type == type && builder.Implies(refused.Complemented);

    /// <summary>Whether the complement of a formula has been assumed.</summary>
    private bool IsDenied(Formula formula) => pool.Formulas.KnownComplement(formula) is { } complement && assumed.Contains(complement.Id);

    private bool Contradiction()
    {
        IsContradiction = true;
        return false;
    }
}
