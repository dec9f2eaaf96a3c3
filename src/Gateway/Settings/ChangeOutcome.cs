using Penstock.Contracts.Errors;
using Penstock.Gateway.Configuration;
using Penstock.Ledger.Administration;

namespace Penstock.Gateway.Settings;

/// <summary>What became of a wish to change something.</summary>
/// <param name="Refusal">Why it was not tried; null = it was.</param>
/// <param name="Faults">What would be wrong with the settings as a whole; empty = nothing.</param>
/// <param name="State">What is in force now.</param>
public sealed record ChangeOutcome(PenstockError? Refusal, IReadOnlyList<OptionFault> Faults, AdministeredState State);
