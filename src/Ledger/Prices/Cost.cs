namespace Penstock.Ledger.Prices;

/// <summary>What a request cost.</summary>
/// <param name="Usd">US dollars.</param>
/// <param name="Estimated">Whether it rests on a figure that the target did not give.</param>
public readonly record struct Cost(decimal Usd, bool Estimated);
