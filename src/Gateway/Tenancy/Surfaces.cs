using Microsoft.AspNetCore.Http;

namespace Penstock.Gateway.Tenancy;

/// <summary>The parts of the API that keys can be restricted to, and the paths that belong to each.</summary>
public static class Surfaces
{
    private static readonly (string Path, string Name)[] Paths =
    [
        ("/v1/chat/completions", "chat"),
        ("/v1/completions", "completions"),
        ("/v1/embeddings", "embeddings"),
        ("/v1/responses", "responses"),
        ("/v1/messages", "messages"),
        ("/v1/models", "models"),
        ("/tokenize", "tokens"),
        ("/detokenize", "tokens"),
        ("/engine", "engine"),
    ];

    /// <summary>Every name, as configuration writes it.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Paths.Select(entry => entry.Name).Distinct()];

    /// <summary>The surface of a path; null where it belongs to none.</summary>
    public static string? Of(PathString path)
    {
        foreach (var entry in Paths)
        {
            if (path.StartsWithSegments(entry.Path, StringComparison.OrdinalIgnoreCase))
            {
                return entry.Name;
            }
        }

        return null;
    }
}
