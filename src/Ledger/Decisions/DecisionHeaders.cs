namespace Penstock.Ledger.Decisions;

/// <summary>Headers as one text, <c>name: value</c> a line. HTTP allows no line break in either.</summary>
internal static class DecisionHeaders
{
    public static string Write(IReadOnlyList<KeyValuePair<string, string>> headers) => string.Join('\n', headers.Select(header => $"{header.Key}: {header.Value}"));

    public static IReadOnlyList<KeyValuePair<string, string>> Read(string text) =>
        text.Length == 0 ? [] : [.. text.Split('\n').Select(line => line.Split(": ", 2)).Select(parts => KeyValuePair.Create(parts[0], parts[1]))];
}
