using Penstock.Constraints.Json.Machine.Texts;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>A name that is being read as one that is not known by itself.</summary>
/// <param name="State">Where the name stands.</param>
/// <param name="Taken">The names that it may not become, since they are there already; null for none.</param>
/// <param name="Owners">Whose name it may be, as indices into <see cref="ProgressSet.Groups"/>.</param>
internal readonly record struct OtherName(TextState State, TextFilter? Taken, OwnerSet Owners)
{
    /// <summary>Whether it may become a name that is not taken.</summary>
    public bool IsOpen => Taken is null || Taken.LeavesEnding(State);
}
