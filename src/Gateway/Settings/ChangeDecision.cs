using Penstock.Contracts.Errors;
using Penstock.Ledger.Administration;

namespace Penstock.Gateway.Settings;

/// <summary>What is to be done about a wish to change something.</summary>
/// <param name="Change">The change; null = there is none to make.</param>
/// <param name="Refusal">Why not; null = it is made, or what is wished for is so already.</param>
public sealed record ChangeDecision(AdministrationChange? Change, PenstockError? Refusal)
{
    /// <summary>It is so already.</summary>
    public static ChangeDecision Nothing { get; } = new(null, null);

    public static ChangeDecision Make(AdministrationChange change) => new(change, null);

    public static ChangeDecision Refuse(PenstockError refusal) => new(null, refusal);
}
