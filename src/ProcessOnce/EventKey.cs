using System.Security.Cryptography;
using System.Text;

namespace Penstock.ProcessOnce;

/// <summary>The idempotency key of an event: the same for every delivery of it, and another for every other consumer or event.</summary>
public static class EventKey
{
    /// <param name="consumer">What the consumer is called: two that ask different things about one event need two names. It must not change with a release.</param>
    /// <param name="eventId">The event's id, as its producer made it. The same at every delivery.</param>
    /// <returns>69 characters that every gateway takes.</returns>
    public static string Of(string consumer, string eventId)
    {
        ArgumentException.ThrowIfNullOrEmpty(consumer);
        ArgumentException.ThrowIfNullOrEmpty(eventId);

        // The length keeps apart what would run into each other.
        return $"once-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{consumer.Length}:{consumer}{eventId}")))}";
    }
}
