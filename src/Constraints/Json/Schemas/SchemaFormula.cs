using Penstock.Constraints.Json.Formulas;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>A schema at a place, in a scope: the formula that stands for it, and what was read there.</summary>
/// <param name="Formula">The condition; lazy but for <c>true</c>, <c>false</c> and <c>{}</c>.</param>
/// <param name="Node">What was read, when it is asked for; null for <c>true</c>, <c>false</c> and <c>{}</c>.</param>
internal sealed record SchemaFormula(Formula Formula, Lazy<SchemaNode>? Node);
