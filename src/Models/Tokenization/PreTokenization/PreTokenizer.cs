using System.Text.RegularExpressions;

namespace Penstock.Models.Tokenization.PreTokenization;

/// <summary>Cuts text into words by a <see cref="PreTokenizerRule"/>. Thread-safe; allocates nothing once warm.</summary>
internal sealed class PreTokenizer
{
    private readonly DigitGrouping digits;
    private readonly Regex[] passes;

    public PreTokenizer(PreTokenizerRule rule)
    {
        digits = rule.Digits;
        AstralHan = rule.AstralHan;
        // No time limit: each pattern is linear in the text (a look-ahead never reaches beyond the run it follows).
        passes = [.. rule.Passes.Select(pattern => new Regex(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant))];
    }

    /// <inheritdoc cref="PreTokenizerRule.AstralHan"/>
    public char AstralHan { get; }

    /// <summary>Cuts.</summary>
    /// <param name="text">One unit a code point (<see cref="CodePointText"/>).</param>
    /// <param name="words">Told every word.</param>
    public void Split<TSink>(ReadOnlySpan<char> text, ref TSink words)
        where TSink : IWordSink, allows ref struct
    {
        if (digits == DigitGrouping.None)
            Split(text, 0, ref words);
        else
            SplitDigits(text, ref words);
    }

    private void Split<TSink>(ReadOnlySpan<char> text, int pass, ref TSink words)
        where TSink : IWordSink, allows ref struct
    {
        if (pass == passes.Length)
        {
            words.Word(text.Length);
            return;
        }

        var done = 0;
        foreach (var match in passes[pass].EnumerateMatches(text))
        {
            if (match.Index > done)
                Split(text[done..match.Index], pass + 1, ref words);
            Split(text.Slice(match.Index, match.Length), pass + 1, ref words);
            done = match.Index + match.Length;
        }

        if (done < text.Length)
            Split(text[done..], pass + 1, ref words);
    }

    private void SplitDigits<TSink>(ReadOnlySpan<char> text, ref TSink words)
        where TSink : IWordSink, allows ref struct
    {
        var done = 0;
        for (var start = 0; start < text.Length; start++)
        {
            if (!IsDigit(text[start]))
                continue;
            var end = start + 1;
            while (end < text.Length && IsDigit(text[end]))
                end++;

            var border = end - ((end - start) / 3 * 3);
            if (digits == DigitGrouping.BehindGroups && border == start)
                border += 3;
            for (; digits == DigitGrouping.BehindGroups ? border <= end : border < end; border += 3)
            {
                if (border > done)
                    Split(text[done..border], 0, ref words);
                done = border;
            }

            start = end;
        }

        if (done < text.Length)
            Split(text[done..], 0, ref words);
    }

    private bool IsDigit(char value) => digits == DigitGrouping.BeforeGroups ? char.IsAsciiDigit(value) : char.IsNumber(value);
}
