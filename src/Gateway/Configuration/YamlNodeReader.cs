using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Penstock.Gateway.Configuration;

/// <summary>A YAML value with its path, read strictly: faults are noted under the path and reading goes on.</summary>
internal sealed class YamlNodeReader(YamlNode node, string path, List<OptionFault> faults)
{
    public List<OptionFault> Faults => faults;

    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>Notes every key that is not allowed: those of later versions by saying so, the rest as unknown.</summary>
    public void Allow(ReadOnlySpan<string> keys, ReadOnlySpan<string> notYet)
    {
        if (node is not YamlMappingNode mapping)
        {
            faults.Add(new(path.Length == 0 ? "the file" : path, "not a mapping", "write key: value", $"Allowed keys: {string.Join(", ", keys!)}."));
            return;
        }

        foreach (var (key, _) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "?";
            if (notYet.Contains(name))
            {
                faults.Add(new(PathOf(name), "not supported yet", $"allowed here: {string.Join(", ", keys!)}", "Remove it."));
            }
            else if (!keys.Contains(name))
            {
                faults.Add(new(PathOf(name), "not known", $"allowed here: {string.Join(", ", keys!)}", "Check the spelling or remove it."));
            }
        }
    }

    public YamlNodeReader? Child(string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? new(child, PathOf(key), faults) : null;

    public string? String(string key) => Child(key)?.Scalar();

    public string? RequiredString(string key)
    {
        if (node is YamlMappingNode && Child(key) is null)
        {
            faults.Add(new(PathOf(key), "missing", "a text is needed", "Add it."));
        }

        return String(key);
    }

    /// <summary>True or false; false when the key is absent or something else (a fault).</summary>
    public bool Flag(string key) => Switch(key) ?? false;

    /// <summary>True or false; null when the key is absent or something else (a fault).</summary>
    public bool? Switch(string key)
    {
        var text = String(key);
        if (text is not (null or "true" or "false"))
        {
            faults.Add(new(PathOf(key), text, "true or false is needed", "Leave it out to use the default."));
        }

        return text switch { "true" => true, "false" => false, _ => null };
    }

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>; null when the key is absent or something else (a fault).</summary>
    public int? Whole(string key, int min, int max)
    {
        if (String(key) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        faults.Add(new(PathOf(key), text, string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max} is needed"), "Leave it out to use the default."));
        return null;
    }

    /// <summary>A number from <paramref name="min"/> to <paramref name="max"/>; null when the key is absent or something else (a fault).</summary>
    public double? Number(string key, double min, double max)
    {
        if (String(key) is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        faults.Add(new(PathOf(key), text, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max} is needed"), "Leave it out to use the default."));
        return null;
    }

    /// <summary>An exact number, for money and for counts beyond an int, from <paramref name="min"/> to <paramref name="max"/>; null when the key is absent or something else (a fault).</summary>
    public decimal? Exact(string key, decimal min, decimal max)
    {
        if (String(key) is not { } text)
        {
            return null;
        }

        if (decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        faults.Add(new(PathOf(key), text, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max} is needed"), "Leave it out to use the default."));
        return null;
    }

    /// <summary>A date or a moment, in UTC unless it says otherwise; null when the key is absent or something else (a fault).</summary>
    public DateTimeOffset? Moment(string key)
    {
        if (String(key) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value))
        {
            return value;
        }

        faults.Add(new(PathOf(key), text, "a date such as 2026-12-31 or a moment such as 2026-12-31T18:00:00Z is needed", "Leave it out to use the default."));
        return null;
    }

    /// <summary>The items of a list; none when the key is absent or not a list (a fault).</summary>
    public IEnumerable<YamlNodeReader> Items(string key)
    {
        if (Child(key) is not { } child)
        {
            return [];
        }

        return child.AsItems() ?? child.NoList();
    }

    /// <summary>One text or a list of texts.</summary>
    public IEnumerable<string> Strings(string key)
    {
        if (Child(key) is not { } child)
        {
            return [];
        }

        return (child.AsItems() ?? [child]).Select(item => item.Scalar()).OfType<string>();
    }

    private YamlNodeReader[]? AsItems() =>
        node is YamlSequenceNode list ? [.. list.Children.Select((item, index) => new YamlNodeReader(item, $"{path}[{index}]", faults))] : null;

    private YamlNodeReader[] NoList()
    {
        faults.Add(new(path, "not a list", "write a list: - item", "Put a dash in front of each item."));
        return [];
    }

    private string? Scalar()
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } value })
        {
            return value;
        }

        faults.Add(new(path, "not a text", "a text is needed", "Write one value."));
        return null;
    }
}
