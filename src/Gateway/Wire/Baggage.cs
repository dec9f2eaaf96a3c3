namespace Penstock.Gateway.Wire;

/// <summary>W3C baggage (https://www.w3.org/TR/baggage/): <c>name=value;property, name=value</c>, values percent-encoded.</summary>
internal static class Baggage
{
    /// <summary>The value of a member, or null. Of several with the same name the first counts.</summary>
    public static string? Find(string header, string name)
    {
        foreach (var member in header.Split(','))
        {
            var pair = member.Split(';', 2)[0].Split('=', 2);
            if (pair.Length == 2 && pair[0].AsSpan().Trim().SequenceEqual(name))
            {
                return Uri.UnescapeDataString(pair[1].Trim());
            }
        }

        return null;
    }
}
