using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>What a request asks of the scheduler: the fields that chats, completions and embeddings share (<c>docs/scheduling.md</c>).</summary>
internal static class TermsParser
{
    private const int MaxSalt = 256;

    /// <summary>OpenAI's tiers, each with its class and the name under which the answer says that it was served.</summary>
    private static readonly (string Tier, ServiceClass Class, string Served)[] Tiers =
    [
        ("auto", ServiceClass.Standard, "default"),
        ("default", ServiceClass.Standard, "default"),
        ("flex", ServiceClass.Batch, "flex"),
        ("priority", ServiceClass.Interactive, "priority"),
    ];

    /// <summary>The fields that make up the terms.</summary>
    public static IReadOnlySet<string> Fields { get; } =
        new HashSet<string>(StringComparer.Ordinal) { "service_tier", "class", "priority", "deadline_ms", "cache_salt", "deterministic" };

    /// <summary>The terms.</summary>
    /// <param name="body">The request.</param>
    /// <param name="tiers">Whether its <c>service_tier</c> is OpenAI's.</param>
    public static ServiceTerms Parse(WireObject body, bool tiers = true) => new()
    {
        Class = tiers ? Class(body) : ByName(body) ?? ServiceClass.Standard,
        Priority = body.Integer("priority", int.MinValue, int.MaxValue) ?? 0,
        Deadline = body.Integer("deadline_ms", 1, int.MaxValue) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        CacheSalt = Salt(body),
        Deterministic = body.Flag("deterministic"),
    };

    /// <summary>The tier that the answer names; null when the request names none.</summary>
    public static string? ServedTier(WireObject body) =>
        body.Text("service_tier") is { } tier ? Array.Find(Tiers, known => known.Tier == tier).Served : null;

    private static ServiceClass Class(WireObject body)
    {
        var named = ByName(body);
        if (body.Text("service_tier") is not { } name)
        {
            return named ?? ServiceClass.Standard;
        }

        var tier = Array.Find(Tiers, known => known.Tier == name);
        if (tier.Tier is null)
        {
            body.Faults.Invalid(body.PathOf("service_tier"), $"service_tier must be one of {string.Join(", ", Tiers.Select(known => known.Tier))}.");
        }
        else if (named is { } other && other != tier.Class)
        {
            body.Faults.Invalid(body.PathOf("class"), $"class is {Word(other)}, but service_tier {tier.Tier} means {Word(tier.Class)}. Send one of the two.");
        }

        return tier.Class;
    }

    private static ServiceClass? ByName(WireObject body)
    {
        if (body.Text("class") is not { } name)
        {
            return null;
        }

        foreach (var known in Enum.GetValues<ServiceClass>())
        {
            if (name == Word(known))
            {
                return known;
            }
        }

        body.Faults.Invalid(body.PathOf("class"), $"class must be one of {string.Join(", ", Enum.GetValues<ServiceClass>().Select(Word))}.");
        return null;
    }

    private static string? Salt(WireObject body)
    {
        var salt = body.Text("cache_salt");
        if (salt is not null && salt.Length is 0 or > MaxSalt)
        {
            body.Faults.Invalid(body.PathOf("cache_salt"), $"cache_salt must be a text of 1 to {MaxSalt} characters; got {salt!.Length}.");
        }

        return salt;
    }

    private static string Word(ServiceClass value) => $"{value}".ToLowerInvariant();
}
