namespace Penstock.Routing.Breakers;

/// <summary>
/// A circuit breaker (Nygard, "Release It!", ch. 5) over the rate of failures, so that a target that flaps opens it too. It also remembers until when
/// a target asked to be left alone. Has no clock: whoever asks says what time it is. Thread-safe.
/// </summary>
public sealed class Breaker(BreakerPolicy policy)
{
    private const int Remembered = 32;

    private readonly Lock gate = new();
    private readonly (DateTimeOffset At, bool Failed)[] calls = new (DateTimeOffset, bool)[Remembered];
    private int next;
    private int count;
    private int reopened;
    private DateTimeOffset openUntil = DateTimeOffset.MinValue;
    private DateTimeOffset restUntil = DateTimeOffset.MinValue;
    private DateTimeOffset probeUntil = DateTimeOffset.MinValue;
    private (DateTimeOffset At, string Why)? lastFailure;
    private bool tripped;

    public BreakerState StateAt(DateTimeOffset now)
    {
        lock (gate)
        {
            return !tripped ? BreakerState.Closed : now < openUntil ? BreakerState.Open : BreakerState.HalfOpen;
        }
    }

    /// <summary>How it stands, for people.</summary>
    public BreakerStatus StatusAt(DateTimeOffset now)
    {
        lock (gate)
        {
            var state = !tripped ? BreakerState.Closed : now < openUntil ? BreakerState.Open : BreakerState.HalfOpen;
            return new(state, state == BreakerState.Open ? openUntil : null, now < restUntil ? restUntil : null, lastFailure?.At, lastFailure?.Why);
        }
    }

    /// <summary>Zero when the target may be asked now, and then the caller must report how that went; otherwise how long until it may.</summary>
    public TimeSpan TryEnter(DateTimeOffset now)
    {
        lock (gate)
        {
            if (now < restUntil)
            {
                return restUntil - now;
            }

            if (!tripped)
            {
                return TimeSpan.Zero;
            }

            if (now < openUntil)
            {
                return openUntil - now;
            }

            if (now < probeUntil)
            {
                return probeUntil - now;
            }

            // Whoever probes may leave without a report; after as long as it was open at first, the next one may try.
            probeUntil = now + policy.OpenFor;
            return TimeSpan.Zero;
        }
    }

    /// <summary>The target answered, if only to refuse what was wrong with the request.</summary>
    public void Succeeded(DateTimeOffset now)
    {
        lock (gate)
        {
            // While it is open, what succeeds was asked before.
            if (tripped && now >= openUntil)
            {
                (tripped, reopened, count) = (false, 0, 0);
                probeUntil = DateTimeOffset.MinValue;
            }

            Remember(now, failed: false);
        }
    }

    /// <summary>The target failed.</summary>
    /// <param name="now">When.</param>
    /// <param name="why">How, in a word or two; for people.</param>
    public void Failed(DateTimeOffset now, string why = "failed")
    {
        lock (gate)
        {
            lastFailure = (now, why);
            Remember(now, failed: true);
            if (tripped ? now >= openUntil : TooMany(now))
            {
                openUntil = now + Doubled(reopened++);
                probeUntil = DateTimeOffset.MinValue;
                tripped = true;
            }
        }
    }

    /// <summary>The target asked to be left alone for a while: no failure, but nobody should ask before.</summary>
    public void Rest(DateTimeOffset until)
    {
        lock (gate)
        {
            restUntil = until > restUntil ? until : restUntil;
        }
    }

    private void Remember(DateTimeOffset now, bool failed)
    {
        calls[next] = (now, failed);
        next = (next + 1) % Remembered;
        count = Math.Min(count + 1, Remembered);
    }

    private bool TooMany(DateTimeOffset now)
    {
        var (recent, failures) = (0, 0);
        for (var back = 1; back <= count; back++)
        {
            var (at, failed) = calls[(next - back + Remembered) % Remembered];
            if (now - at <= policy.Window)
            {
                recent++;
                failures += failed ? 1 : 0;
            }
        }

        return recent >= policy.FewestCalls && failures >= recent * policy.FailureRate;
    }

    private TimeSpan Doubled(int times)
    {
        var open = policy.OpenFor * (1L << Math.Min(times, 16));
        return open < policy.OpenForAtMost ? open : policy.OpenForAtMost;
    }
}
