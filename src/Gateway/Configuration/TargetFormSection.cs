using Penstock.Contracts.Requests;
using Penstock.Providers;

namespace Penstock.Gateway.Configuration;

/// <summary>What an entry of <c>targets</c> says of how its provider is spoken to: <c>auth</c>, <c>query</c>, <c>surfaces</c>, <c>picture_tokens</c>.</summary>
internal static class TargetFormSection
{
    public static readonly string[] Keys = ["auth", "query", "surfaces", "picture_tokens"];

    private static readonly (string Name, TargetAuth Auth)[] Headers = [("bearer", TargetAuth.Bearer), ("x-api-key", TargetAuth.XApiKey), ("api-key", TargetAuth.ApiKey)];

    private static readonly (string Name, WireForm Form)[] Forms =
    [
        ("chat", WireForm.ChatCompletions), ("completions", WireForm.Completions), ("embeddings", WireForm.Embeddings), ("responses", WireForm.Responses), ("messages", WireForm.Messages),
    ];

    /// <summary>Adds them to what else is known of the target.</summary>
    public static TargetOptions Read(YamlNodeReader target, TargetOptions options) => options with
    {
        Auth = Auth(target),
        Query = [.. Query(target)],
        Surfaces = Surfaces(target, options.Kind),
        PictureTokens = target.Whole("picture_tokens", 1, 10_000_000) ?? options.PictureTokens,
    };

    private static TargetAuth? Auth(YamlNodeReader target)
    {
        if (target.String("auth") is not { } name)
        {
            return null;
        }

        foreach (var header in Headers)
        {
            if (header.Name == name)
            {
                return header.Auth;
            }
        }

        target.Faults.Add(new(target.PathOf("auth"), name, $"how a key is shown is one of {string.Join(", ", Headers.Select(header => header.Name))}", "Leave it out, or write auth: api-key for Azure."));
        return null;
    }

    private static IEnumerable<KeyValuePair<string, string>> Query(YamlNodeReader target)
    {
        foreach (var text in target.Strings("query"))
        {
            if (text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                yield return new(text[..equals], text[(equals + 1)..]);
            }
            else
            {
                target.Faults.Add(new(target.PathOf("query"), text, "what addresses end with is written name=value", "Write query: [\"api-version=2024-10-21\"]."));
            }
        }
    }

    private static WireForm[]? Surfaces(YamlNodeReader target, TargetKind kind)
    {
        var names = target.Strings("surfaces").ToArray();
        if (names.Length == 0)
        {
            return null;
        }

        foreach (var name in names.Where(name => !Forms.Any(form => form.Name == name && (form.Form == WireForm.Messages) == (kind == TargetKind.Anthropic))))
        {
            target.Faults.Add(new(
                target.PathOf("surfaces"), name, kind == TargetKind.Anthropic ? "kind: anthropic has messages" : "kind: openai has chat, completions, embeddings, responses",
                "penstock front check says which of them work."));
        }

        return [.. Forms.Where(form => names.Contains(form.Name)).Select(form => form.Form)];
    }
}
