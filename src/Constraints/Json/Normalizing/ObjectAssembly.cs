using System.Text;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>Puts an object's shape together: forbids what cannot be there, drops what is true anyway, and sees whether counts can be met.</summary>
internal sealed class ObjectAssembly(
    TermPool pool, List<(string Name, SchemaTerm Value, bool IsRequired)> named, IReadOnlyList<OtherProperties> otherProperties,
    List<ExistsAtom> existing, List<DependencyAtom> dependencies, int least, int max)
{
    private IReadOnlyList<OtherProperties> others = otherProperties;
    private List<ExistsAtom> exists = existing;
    private int min = least;
    private readonly List<byte[]> names = named.ConvertAll(property => Encoding.UTF8.GetBytes(property.Name));

    public ObjectShape? Shape()
    {
        var links = Links();
        ForbidWhatNeedsForbidden(links);
        if (max == 1 && exists.Count > 0)
        {
            ApplyToTheOnlyProperty();
        }

        var rules = new List<ExistsRule>();
        foreach (var same in exists.DistinctBy(atom => atom.Id))
        {
            if (!Settle(same, rules))
            {
                return null;
            }
        }

        if (named.Exists(property => property.IsRequired && pool.IsPlainlyEmpty(property.Value)))
        {
            return null;
        }

        var required = named.Count(property => property.IsRequired);
        var possible = others.Count > 0 ? int.MaxValue : named.Count(property => !pool.IsPlainlyEmpty(property.Value));
        if (required > max || min > possible || min > max)
        {
            return null;
        }

        return new([.. named.Select((property, i) => new NamedProperty(names[i], property.Value, property.IsRequired))], others)
        {
            MinProperties = min <= required ? 0 : min,
            MaxProperties = max >= possible ? int.MaxValue : max,
            Exists = rules,
            Dependencies = [.. links.Where(link => !named[link.Then].IsRequired && !pool.IsPlainlyEmpty(named[link.If].Value))],
        };
    }

    /// <summary>Where there is one property alone, it is what every rule asks for: the rules become conditions on it.</summary>
    private void ApplyToTheOnlyProperty()
    {
        foreach (var atom in exists)
        {
            var matching = pool.Of(atom.Matching);
            for (var i = 0; i < named.Count; i++)
            {
                named[i] = named[i] with { Value = atom.Names.Matches(names[i]) ? pool.And(named[i].Value, matching) : pool.None };
            }

            others =
            [
                .. others.Select(other => new OtherProperties(pool.Texts.And(other.Names, atom.Names), pool.And(other.Value, matching)))
                    .Where(other => !pool.IsPlainlyEmpty(other.Value) && !other.Names.IsEmpty),
            ];
        }

        exists = [];
        min = 1;
    }

    private List<PropertyDependency> Links()
    {
        if (dependencies.Count == 0)
        {
            return [];
        }

        var places = new Dictionary<string, int>();
        for (var i = 0; i < named.Count; i++)
        {
            places[named[i].Name] = i;
        }

        var links = dependencies.SelectMany(dependency => dependency.Others.Where(other => other != dependency.Name)
            .Select(other => new PropertyDependency(places[dependency.Name], places[other])));
        return [.. links.Distinct()];
    }

    private void ForbidWhatNeedsForbidden(List<PropertyDependency> links)
    {
        var callers = links.ToLookup(link => link.Then, link => link.If);
        var forbidden = new Stack<int>(callers.Select(called => called.Key).Where(called => pool.IsPlainlyEmpty(named[called].Value)));
        while (forbidden.TryPop(out var called))
        {
            foreach (var caller in callers[called].Where(caller => !pool.IsPlainlyEmpty(named[caller].Value)))
            {
                named[caller] = named[caller] with { Value = pool.None };
                forbidden.Push(caller);
            }
        }
    }

    /// <summary>Adds the rule that a property exists, or says at once which property it is where only one can be.</summary>
    /// <returns>False where none can be.</returns>
    private bool Settle(ExistsAtom atom, List<ExistsRule> rules)
    {
        var matching = pool.Of(atom.Matching);
        var places = Enumerable.Range(0, named.Count).Where(i => !pool.IsPlainlyEmpty(pool.And(named[i].Value, matching)) && atom.Names.Matches(names[i])).ToArray();
        if (places.Any(i => named[i].IsRequired && ReferenceEquals(pool.And(named[i].Value, matching), named[i].Value)))
        {
            return true;
        }

        var isElsewhere = others.Any(other => !pool.IsPlainlyEmpty(pool.And(other.Value, matching)) && !pool.Texts.And(other.Names, atom.Names).IsEmpty);
        if (!isElsewhere && places.Length < 2)
        {
            if (places.Length == 1)
            {
                var (name, value, _) = named[places[0]];
                named[places[0]] = (name, pool.And(value, matching), true);
            }

            return places.Length == 1;
        }

        rules.Add(new(atom.Names, matching));
        return true;
    }
}
