using System.Text;

namespace Penstock.Models.Answers;

/// <summary>
/// How an answer begins that is a call without a marker (<see cref="AnswerSyntax.BareCalls"/>) and not JSON of another kind, as far as models write it: a few
/// blanks and <c>{"name":</c>. Where calls are constrained, an answer that begins in another way is text, whatever it looks like.
/// </summary>
public static class BareBeginning
{
    /// <summary>Most spaces and line breaks in front of the call.</summary>
    public const int MostBlanks = 3;

    private static readonly byte[][] Forms = [.. ((string[])["{\"name\":", "{ \"name\":", "{\n\"name\":"]).Select(Encoding.UTF8.GetBytes)];

    /// <summary>All of them, none the beginning of another.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> All { get; } = [.. Blanks().SelectMany(blanks => Forms.Select(form => (ReadOnlyMemory<byte>)(byte[])[.. blanks, .. form]))];

    internal static bool IsLead(ReadOnlySpan<byte> blanks) => blanks.Length <= MostBlanks && !blanks.ContainsAnyExcept((byte)' ', (byte)'\n');

    /// <summary>Whether a text begins so.</summary>
    internal static bool Begins(ReadOnlySpan<byte> text)
    {
        var start = Bytes.SkipSpace(text, 0);
        return IsLead(text[..start]) && StartsWithForm(text[start..]);
    }

    /// <summary>Whether a text may begin so once more of it is there.</summary>
    internal static bool MayFollow(ReadOnlySpan<byte> text)
    {
        var start = Bytes.SkipSpace(text, 0);
        if (!IsLead(text[..start]))
            return false;

        foreach (var form in Forms)
        {
            if (form.Length > text.Length - start && form.AsSpan().StartsWith(text[start..]))
                return true;
        }

        return false;
    }

    private static bool StartsWithForm(ReadOnlySpan<byte> text)
    {
        foreach (var form in Forms)
        {
            if (text.StartsWith(form))
                return true;
        }

        return false;
    }

    private static List<byte[]> Blanks()
    {
        List<byte[]> all = [[]];
        for (var from = 0; all[^1].Length < MostBlanks; from++)
            all.AddRange([[.. all[from], (byte)' '], [.. all[from], (byte)'\n']]);
        return all;
    }
}
