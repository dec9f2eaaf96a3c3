using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>A name that is being read as one of a group's.</summary>
/// <param name="Group">Index into the shape's other properties.</param>
/// <param name="Rule">The rule of existence that the name must count for, or -1: no more properties are allowed than the rules need.</param>
/// <param name="State">Where the name stands.</param>
internal readonly record struct OtherName(int Group, int Rule, TextState State);
