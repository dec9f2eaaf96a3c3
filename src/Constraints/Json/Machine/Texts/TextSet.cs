namespace Penstock.Constraints.Json.Machine.Texts;

/// <summary>Texts in order of their bytes, without duplicates: names or strings that were there before.</summary>
internal sealed class TextSet(byte[][] texts) : Interned
{
    public static TextSet Empty { get; } = new([]);

    public int Count => texts.Length;

    public byte[] this[int index] => texts[index];

    public bool Contains(ReadOnlySpan<byte> text) => Find(text) >= 0;

    public TextSet With(MachineContext context, byte[] text)
    {
        var place = Find(text);
        if (place >= 0)
            return this;

        var more = new byte[texts.Length + 1][];
        texts.AsSpan(0, ~place).CopyTo(more);
        more[~place] = text;
        texts.AsSpan(~place).CopyTo(more.AsSpan(~place + 1));
        return context.Intern(new TextSet(more));
    }

    /// <summary>The texts between two places that have a byte at a position; all of them agree on the bytes before it.</summary>
    public static (int Low, int High) Narrow(ReadOnlySpan<byte[]> sorted, int low, int high, int position, byte value)
    {
        if (low < high && sorted[low].Length == position)
            low++; // the text that ends here comes first

        var from = Bound(sorted, low, high, position, value);
        return (from, value == byte.MaxValue ? high : Bound(sorted, from, high, position, (byte)(value + 1)));
    }

    public (int Low, int High) Narrow(int low, int high, int position, byte value) => Narrow(texts, low, high, position, value);

    protected override bool IsSame(Interned other)
    {
        var texts2 = ((TextSet)other).Texts;
        if (texts.Length != texts2.Length)
            return false;

        for (var i = 0; i < texts.Length; i++)
        {
            if (!ReferenceEquals(texts[i], texts2[i]) && !texts[i].AsSpan().SequenceEqual(texts2[i]))
                return false;
        }

        return true;
    }

    protected override int Hash()
    {
        var hash = new HashCode();
        foreach (var text in texts)
            hash.AddBytes(text);

        return hash.ToHashCode();
    }

    private byte[][] Texts => texts;

    private static int Bound(ReadOnlySpan<byte[]> sorted, int low, int high, int position, byte value)
    {
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle][position] < value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private int Find(ReadOnlySpan<byte> text)
    {
        var (low, high) = (0, texts.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var order = texts[middle].AsSpan().SequenceCompareTo(text);
            if (order == 0)
                return middle;

            if (order < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return ~low;
    }
}
