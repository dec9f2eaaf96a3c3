using Penstock.Providers;

namespace Penstock.Gateway.Configuration;

/// <summary>An entry of <c>targets</c> in <c>penstock.yaml</c>: a provider.</summary>
internal static class TargetSection
{
    private const double MostSeconds = 3600;

    public static TargetOptions? Read(YamlNodeReader target)
    {
        target.Allow(
            ["name", "kind", "base_url", "credential", "models", "first_token_timeout_s", "stall_timeout_s", "stream_usage", "extensions", "drained", .. TargetFormSection.Keys, .. TargetConnectionSection.Keys], notYet: []);
        var name = Name(target);
        var kind = Kind(target);
        var address = Address(target);
        var models = target.Strings("models").ToArray();
        if (models.Length == 0)
        {
            target.Faults.Add(new(target.PathOf("models"), "none", "the names of the models that the target answers for are needed", "Write models: [\"*\"] for all that it is asked for."));
        }

        var credential = CredentialSection.Read(target);
        if (name is null || kind is null || address is null)
        {
            return null;
        }

        var defaults = new TargetOptions { Name = name, Kind = kind.Value, BaseUrl = address };
        return TargetConnectionSection.Read(target, TargetFormSection.Read(target, defaults with
        {
            Credential = credential,
            Models = models,
            FirstTokenTimeout = Seconds(target, "first_token_timeout_s") ?? defaults.FirstTokenTimeout,
            StallTimeout = Seconds(target, "stall_timeout_s") ?? defaults.StallTimeout,
            Drained = target.Flag("drained"),
            StreamUsage = target.Switch("stream_usage") ?? defaults.StreamUsage,
            Extensions = target.Switch("extensions") ?? defaults.Extensions,
        }));
    }

    private static TimeSpan? Seconds(YamlNodeReader target, string key) => target.Number(key, 0.001, MostSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static string? Name(YamlNodeReader target)
    {
        var name = target.RequiredString("name");
        if (name?.Contains('/', StringComparison.Ordinal) == true)
        {
            target.Faults.Add(new(target.PathOf("name"), name, "a target's name has no '/': routes write target/model", "Take the '/' out."));
        }

        return name;
    }

    private static TargetKind? Kind(YamlNodeReader target)
    {
        var name = target.RequiredString("kind");
        if (name is "openai" or "anthropic")
        {
            return name == "openai" ? TargetKind.OpenAi : TargetKind.Anthropic;
        }

        if (name is not null)
        {
            target.Faults.Add(new(target.PathOf("kind"), name, "a target's kind is openai or anthropic", "Write kind: openai for a server with OpenAI's API, anthropic for one with Anthropic's Messages."));
        }

        return null;
    }

    private static Uri? Address(YamlNodeReader target)
    {
        if (target.RequiredString("base_url") is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { UserInfo: "", Query: "", Fragment: "" })
        {
            return address;
        }

        // What was given is not repeated: an address may hold a password.
        target.Faults.Add(new(target.PathOf("base_url"), "not an address that can be used", "an address is http://host:port/path or https://, without user, query and fragment", "Write what the API's paths come after: https://api.openai.com/v1. A key goes under credential."));
        return null;
    }
}
