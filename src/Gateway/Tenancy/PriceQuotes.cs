using Penstock.Contracts.Records;
using Penstock.Contracts.Targets;
using Penstock.Ledger.Prices;

namespace Penstock.Gateway.Tenancy;

/// <summary>The prices of one request, one for each target that may answer it. Fixed when it was received: a price that changes at midnight does not change what is under way.</summary>
public sealed class PriceQuotes
{
    private readonly (TargetDescription Target, Price? Price)[] quotes;

    /// <param name="target">What was asked for.</param>
    /// <param name="candidates">Who may answer, the first of them first; empty where it is the target itself.</param>
    /// <param name="find">The price of a target.</param>
    public PriceQuotes(TargetDescription target, IReadOnlyList<TargetDescription> candidates, Func<TargetDescription, Price?> find) =>
        quotes = [.. (candidates.Count > 0 ? candidates : [target]).Select(one => (one, find(one)))];

    /// <summary>A target that may answer and has no price; null when all have one.</summary>
    public TargetDescription? Unpriced => quotes.FirstOrDefault(quote => quote.Price is null).Target;

    /// <summary>The most that the request can cost, whoever answers; null where no price is known.</summary>
    public decimal? AtMost(long promptTokens, long maxOutputTokens) => quotes.Max(quote => quote.Price?.AtMost(promptTokens, maxOutputTokens));

    /// <summary>The price of what was asked for; null where it is not known.</summary>
    public Price? Asked => quotes[0].Price;

    /// <summary>The price of a call, by the model that was asked for (an answer names a dated version of it); null where it is not known.</summary>
    public Price? Of(AttemptRecord attempt) => quotes.FirstOrDefault(quote => quote.Target.Owner == attempt.Target && quote.Target.Name == attempt.Model).Price;
}
