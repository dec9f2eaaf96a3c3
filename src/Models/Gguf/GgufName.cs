namespace Penstock.Models.Gguf;

/// <summary>Names out of a file, made fit for a message: a hostile file does not write to the terminal.</summary>
public static class GgufName
{
    private const int Longest = 64;

    /// <summary>At most 64 characters, each visible ASCII; others become question marks.</summary>
    public static string Printable(string name)
    {
        var cut = name.Length > Longest ? string.Concat(name.AsSpan(0, Longest), "...") : name;
        return string.Create(cut.Length, cut, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = text[i] is > ' ' and <= '~' ? text[i] : '?';
        });
    }
}
