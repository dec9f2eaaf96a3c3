using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>A name that is being read as one of a group's.</summary>
/// <param name="Group">Index into <see cref="ObjectPlan.Others"/>.</param>
/// <param name="State">Where the name stands.</param>
internal readonly record struct OtherName(int Group, TextState State);
