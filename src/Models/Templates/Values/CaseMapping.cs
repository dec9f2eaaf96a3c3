namespace Penstock.Models.Templates.Values;

/// <summary>Upper and lower case for every character that maps to one other.</summary>
internal static class CaseMapping
{
    public static string Upper(string text) => text.ToUpperInvariant();

    public static string Lower(string text) => text.ToLowerInvariant();
}
