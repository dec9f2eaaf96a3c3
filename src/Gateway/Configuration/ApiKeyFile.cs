using Penstock.Gateway.Tenancy;

namespace Penstock.Gateway.Configuration;

/// <summary>A file of API keys: one a line as <c>key-id sha256 [tenant]</c>, the tenant being <c>default</c> unless named. <c>#</c> begins a comment.</summary>
public static class ApiKeyFile
{
    private const string DefaultTenant = "default";

    /// <summary>Reads the file's text; faults name the line.</summary>
    public static IReadOnlyList<ApiKey> Parse(string text, string path, List<OptionFault> faults)
    {
        var keys = new List<ApiKey>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            var place = $"{path} line {number}";
            if (words.Length is 1 or > 3)
            {
                faults.Add(new(place, $"{words.Length} words", "a line is: key-id sha256 [tenant]", "Keys are stored as digests: printf %s \"$KEY\" | sha256sum"));
            }
            else if (ApiKeyDigest.Parse(words[1], place, faults) is { } digest)
            {
                keys.Add(new ApiKey(words[0], words.ElementAtOrDefault(2) ?? DefaultTenant, digest));
            }
        }

        if (keys.Count == 0 && faults.Count == 0)
        {
            faults.Add(new(path, "no keys", "at least one line is needed: key-id sha256 [tenant]", "Leave the option out to serve without keys on loopback."));
        }

        return keys;
    }
}
