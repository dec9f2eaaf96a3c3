namespace Penstock.Constraints.Json.Machine.Texts;

/// <summary>Characters by their number, for escapes: which of a range a text may go on with.</summary>
internal static class CodePoints
{
    public const int Last = 0x10FFFF;

    /// <summary>The least code point of a range (surrogates left out) that a text may go on with, or -1.</summary>
    public static int Find(MachineContext context, TextTarget target, int low, int high)
    {
        ReadOnlySpan<(int First, int Last, int Tail)> lengths = [(0, 0x7F, 0), (0x80, 0x7FF, 1), (0x800, 0xD7FF, 2), (0xE000, 0xFFFF, 2), (0x10000, Last, 3)];
        foreach (var (first, last, tail) in lengths)
        {
            var (from, to) = (Math.Max(low, first), Math.Min(high, last));
            if (from <= to && Walk(context, target, from, to, tail, Lead(tail)) is var found and >= 0)
                return found;
        }

        return -1;
    }

    /// <summary>The target after a whole character, or null.</summary>
    public static TextTarget? Step(MachineContext context, TextTarget target, int codePoint)
    {
        if (codePoint is (>= 0xD800 and <= 0xDFFF) or > Last)
            return null;

        Span<byte> bytes = stackalloc byte[4];
        var length = new System.Text.Rune(codePoint).EncodeToUtf8(bytes);
        var at = target;
        foreach (var value in bytes[..length])
        {
            if (at.Step(context, value) is not { } next)
                return null;

            at = next;
        }

        return at;
    }

    /// <summary>Goes through the UTF-8 bytes of a range of code points of one length; one branch that lives is enough, as every target has an ending.</summary>
    private static int Walk(MachineContext context, TextTarget target, int low, int high, int tail, int lead)
    {
        var shift = 6 * tail;
        for (var head = low >> shift; head <= high >> shift; head++)
        {
            var value = lead | (lead == 0x80 ? head & 0x3F : head);
            if (target.Step(context, (byte)value) is not { } next)
                continue;

            if (tail == 0)
                return head;

            var from = Math.Max(low, head << shift);
            var to = Math.Min(high, (head << shift) | ((1 << shift) - 1));
            if (Walk(context, next, from, to, tail - 1, 0x80) is var found and >= 0)
                return found;
        }

        return -1;
    }

    private static int Lead(int tail) => tail switch
    {
        0 => 0,
        1 => 0xC0,
        2 => 0xE0,
        _ => 0xF0,
    };
}
