using Penstock.Gateway.Tenancy;

namespace Penstock.Gateway.Configuration;

/// <summary>An entry of a tenant's <c>keys</c> in <c>penstock.yaml</c>.</summary>
internal static class KeySection
{
    public static readonly string[] Fields = ["id", "sha256", "operator", "expires", "models", "surfaces", "limits", "former"];

    /// <summary>The key; null when it has no id, tenant or digest.</summary>
    /// <param name="key">The entry, whose fields were checked to be allowed.</param>
    /// <param name="tenant">Whose it is; null = that is missing, and noted elsewhere.</param>
    public static ApiKey? Read(YamlNodeReader key, string? tenant)
    {
        var id = key.RequiredString("id");
        var digest = ApiKeyDigest.Parse(key.RequiredString("sha256"), key.PathOf("sha256"), key.Faults);
        var isOperator = key.Flag("operator");
        var (expires, models, surfaces, limits, former) = (key.Moment("expires"), new KeyScope([.. key.Strings("models")]), SurfacesOf(key), LimitSection.Read(key), Former(key));
        return tenant is null || id is null || digest is null
            ? null
            : new ApiKey(id, tenant, digest, isOperator) { Expires = expires, Models = models, Surfaces = surfaces, Limits = limits, Former = former };
    }

    private static FormerKey? Former(YamlNodeReader key)
    {
        if (key.Child("former") is not { } former)
        {
            return null;
        }

        former.Allow(["sha256", "until"], notYet: []);
        former.RequiredString("until");
        var digest = ApiKeyDigest.Parse(former.RequiredString("sha256"), former.PathOf("sha256"), former.Faults);
        return digest is not null && former.Moment("until") is { } until ? new FormerKey(digest, until) : null;
    }

    private static KeyScope SurfacesOf(YamlNodeReader key)
    {
        string[] given = [.. key.Strings("surfaces")];
        foreach (var unknown in given.Except(Surfaces.Names))
        {
            key.Faults.Add(new(key.PathOf("surfaces"), unknown, $"surfaces are {string.Join(", ", Surfaces.Names)}", "Leave it out to allow all."));
        }

        return new KeyScope(given);
    }
}
