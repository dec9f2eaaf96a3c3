using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Shapes;

/// <summary>At least one property whose name is in a language, named by the shape or not, has a value of some term as well as of its own.</summary>
/// <param name="Names">The names that count.</param>
/// <param name="Matching">The values that count.</param>
public sealed record ExistsRule(Language Names, SchemaTerm Matching);
