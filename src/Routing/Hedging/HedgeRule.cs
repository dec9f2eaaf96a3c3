namespace Penstock.Routing.Hedging;

/// <summary>Whether and when an attempt is hedged. Pure: facts and policy in, decision out. The budget of waste is asked when the moment has come.</summary>
public static class HedgeRule
{
    /// <summary>After how long without a first event another target is asked too; null = never.</summary>
    public static TimeSpan? Delay(in HedgeFacts facts, HedgePolicy policy)
    {
        if (facts.Usual is not { } usual || facts.Hedged || !facts.HasAnother || facts.Attempts >= facts.MostAttempts || !(facts.Streams || policy.Billed))
        {
            return null;
        }

        var delay = usual > policy.Floor ? usual : policy.Floor;
        return delay < facts.Limit ? delay : null;
    }
}
