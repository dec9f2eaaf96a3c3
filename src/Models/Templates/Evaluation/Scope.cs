using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>Variables by name, seen through to the scopes around. Setting one never reaches an outer scope.</summary>
internal sealed class Scope(Scope? outer = null)
{
    private readonly Dictionary<string, Value> variables = new(StringComparer.Ordinal);

    public void Set(string name, Value value) => variables[name] = value;

    public bool Has(string name) => variables.ContainsKey(name);

    public Value Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.variables.TryGetValue(name, out var value)) return value;
        }

        return UndefinedValue.Instance;
    }

    private Scope? Outer => outer;
}
