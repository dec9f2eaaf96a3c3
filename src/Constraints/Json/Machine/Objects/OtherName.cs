using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>A name that is being read as one of a group's.</summary>
/// <param name="Group">Index into the shape's other properties.</param>
/// <param name="Rules">The rules of existence that the name must count for, where no more properties are allowed than the rules need; else none.</param>
/// <param name="State">Where the name stands.</param>
internal readonly record struct OtherName(int Group, ulong Rules, TextState State);
