using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates.Syntax;

/// <summary>
/// A template's text after the whitespace rules of Hugging Face's environment, knowing for every character the line it came from.
/// </summary>
/// <remarks>
/// In this order, each over the result of the one before: one final newline goes; spaces and tabs between a line's start and a
/// block tag go (<c>lstrip_blocks</c>); a newline right after a block tag goes (<c>trim_blocks</c>); transformers' <c>generation</c>
/// tags, which mark what an assistant said and print nothing, go.
/// </remarks>
internal sealed class SourceText
{
    private int[] lines;

    public SourceText(string source)
    {
        Text = source;
        lines = new int[source.Length];
        var line = 1;
        for (var i = 0; i < source.Length; i++)
        {
            lines[i] = line;
            line += source[i] == '\n' ? 1 : 0;
        }

        if (source.EndsWith('\n')) Drop([(source.Length - 1, source.Length)]);
        Drop(IndentsBeforeBlocks());
        Drop(NewlinesAfterBlocks());
        Drop(GenerationTags());
    }

    /// <summary>The text to read.</summary>
    public string Text { get; private set; }

    /// <summary>The source's line of the character at <paramref name="position"/>; at the end, that of the last one.</summary>
    public int LineAt(int position) => lines.Length == 0 ? 1 : lines[Math.Min(position, lines.Length - 1)];

    private List<(int From, int To)> IndentsBeforeBlocks()
    {
        List<(int, int)> spans = [];
        for (var position = 0; position < Text.Length; position++)
        {
            if (position > 0 && Text[position - 1] is not ('\n' or '\r' or '\u2028' or '\u2029')) continue;
            var end = position;
            while (At(end) is ' ' or '\t') end++;
            if (At(end) == '{' && At(end + 1) is '#' or '%' or '-') spans.Add((position, end));
        }

        return spans;
    }

    private List<(int From, int To)> NewlinesAfterBlocks()
    {
        List<(int, int)> spans = [];
        for (var position = 2; position < Text.Length; position++)
        {
            if (Text[position] == '\n' && Text[position - 1] == '}' && Text[position - 2] is '#' or '%' or '-')
                spans.Add((position, position + 1));
        }

        return spans;
    }

    private List<(int From, int To)> GenerationTags()
    {
        List<(int, int)> spans = [];
        var free = 0; // whitespace before this belongs to the tag before
        for (var open = Text.IndexOf("{%", StringComparison.Ordinal); open >= 0; open = Text.IndexOf("{%", open + 2, StringComparison.Ordinal))
        {
            var position = open + 2;
            var strips = Skip(ref position, "-");
            SkipSpace(ref position);
            Skip(ref position, "end");
            if (!Skip(ref position, "generation")) continue;
            SkipSpace(ref position);
            var skips = Skip(ref position, "-");
            if (!Skip(ref position, "%}")) continue;

            var before = open;
            while (before > free && JsText.IsSpace(Text[before - 1])) before--;
            var after = position;
            SkipSpace(ref after);
            spans.Add((strips ? before : open, skips ? after : position));
            free = after;
        }

        return spans;
    }

    private char At(int position) => position < Text.Length ? Text[position] : '\0';

    private bool Skip(ref int position, string word)
    {
        if (!Text.AsSpan(position).StartsWith(word, StringComparison.Ordinal)) return false;
        position += word.Length;
        return true;
    }

    private void SkipSpace(ref int position)
    {
        while (position < Text.Length && JsText.IsSpace(Text[position])) position++;
    }

    private void Drop(List<(int From, int To)> spans)
    {
        if (spans.Count == 0) return;
        var text = new char[Text.Length];
        int kept = 0, position = 0;
        foreach (var (from, to) in spans.Append((Text.Length, Text.Length)))
        {
            Text.CopyTo(position, text, kept, from - position);
            Array.Copy(lines, position, lines, kept, from - position);
            kept += from - position;
            position = to;
        }

        Text = new string(text, 0, kept);
        Array.Resize(ref lines, kept);
    }
}
