namespace Penstock.Routing.Hedging;

/// <summary>
/// Bounds what hedges cost: a token bucket of requests and one of tokens, each filled by a share of all that is asked for. Empty at first, so that a share is never exceeded
/// from the start. Has no clock. Thread-safe.
/// </summary>
/// <param name="share">Of requests and of tokens; 0.05 = 5 %.</param>
public sealed class WasteBudget(double share)
{
    // A quiet time may be followed by so many hedges at once: a target that stands still meets all that are under way.
    private const double MostRequests = 10;
    private const double MostTokens = 1_000_000;

    private readonly Lock gate = new();
    private double requests;
    private double tokens;

    /// <summary>A request has come.</summary>
    /// <param name="promptTokens">What any call of it reads.</param>
    public void Request(int promptTokens)
    {
        lock (gate)
        {
            requests = Math.Min(MostRequests, requests + share);
            tokens = Math.Min(MostTokens, tokens + (share * promptTokens));
        }
    }

    /// <summary>Whether a hedge may be made that reads so many tokens; if so they are spent.</summary>
    public bool TrySpend(int promptTokens)
    {
        lock (gate)
        {
            // Sums of a share are not exact: twenty times 5 % is to be one.
            if (requests < 1 - 1e-9 || tokens < promptTokens - 1e-6)
            {
                return false;
            }

            requests -= 1;
            tokens -= promptTokens;
            return true;
        }
    }

    /// <summary>A hedge's loser had produced so many tokens when it was let go. The bucket may go below empty: then nobody is hedged for longer.</summary>
    public void Produced(int outputTokens)
    {
        lock (gate)
        {
            tokens -= outputTokens;
        }
    }

    /// <summary>An answer's tokens were produced.</summary>
    public void Answered(int outputTokens)
    {
        lock (gate)
        {
            tokens = Math.Min(MostTokens, tokens + (share * outputTokens));
        }
    }
}
