namespace Penstock.Constraints.Masks;

/// <summary>The loop classes of one vocabulary, shared by all its constraints: bounded, made when they pay, the least recently used forgotten first. Thread-safe.</summary>
internal sealed class LoopClasses(VocabularyTrie vocabulary)
{
    /// <summary>Each is about 1 MB at 102,400 tokens.</summary>
    private const int Most = 32;

    /// <summary>A set with fewer ASCII characters leaves so few tokens that a plain walk is as fast.</summary>
    private const int FewestCharacters = 20;

    /// <summary>A set with so many is that of free text, and will be asked for again.</summary>
    private const int FreeText = 64;

    /// <summary>Sets seen once are remembered up to this number.</summary>
    private const int MostSeen = 4096;

    private readonly Lock sync = new();
    private readonly Dictionary<(UInt128 Ascii, bool NonAscii), (LoopClass Class, long Used)> classes = [];
    private readonly HashSet<(UInt128 Ascii, bool NonAscii)> seen = [];
    private long clock;

    /// <summary>The class of a hint; null where it has none (yet), so that the vocabulary is to be walked.</summary>
    public LoopClass? Find(LoopHint hint)
    {
        var key = (hint.Ascii, hint.NonAscii);
        lock (sync)
        {
            if (classes.TryGetValue(key, out var known))
            {
                classes[key] = (known.Class, ++clock);
                return known.Class;
            }

            var size = (int)UInt128.PopCount(hint.Ascii);
            if (size < FewestCharacters || (size < FreeText && FirstTime(key)))
                return null;

            if (classes.Count == Most)
                classes.Remove(classes.MinBy(entry => entry.Value.Used).Key);
            var made = new LoopClass(vocabulary, hint.Ascii, hint.NonAscii);
            classes[key] = (made, ++clock);
            return made;
        }
    }

    private bool FirstTime((UInt128 Ascii, bool NonAscii) key)
    {
        if (seen.Count == MostSeen)
            seen.Clear();
        return seen.Add(key);
    }
}
