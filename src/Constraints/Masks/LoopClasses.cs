namespace Penstock.Constraints.Masks;

/// <summary>The loop classes of one vocabulary, shared by all its constraints: bounded, made when they pay, the least recently used forgotten first. Thread-safe.</summary>
internal sealed class LoopClasses(VocabularyTrie vocabulary)
{
    /// <summary>Each is about 1 MB at 102,400 tokens.</summary>
    private const int Most = 32;

    /// <summary>A set with fewer ASCII characters leaves so few tokens that a plain walk is as fast.</summary>
    private const int FewestCharacters = 20;

    /// <summary>A class is made when it is asked for so often: it costs as much as several walks.</summary>
    private const int Asked = 3;

    /// <summary>Sets whose asking is counted.</summary>
    private const int MostSeen = 4096;

    // What JSON allows unescaped within a string: RFC 8259, section 7.
    private static readonly LoopHint JsonText = new((UInt128.MaxValue << ' ') & ~(UInt128.One << '"') & ~(UInt128.One << '\\'), NonAscii: true, int.MaxValue);

    private readonly Lock sync = new();
    private readonly Dictionary<(UInt128 Ascii, bool NonAscii), (LoopClass Class, long Used)> classes = [];
    private readonly Dictionary<(UInt128 Ascii, bool NonAscii), int> seen = [];
    private long clock;

    /// <summary>Makes the class that nearly every constraint asks for, so that no request waits for it.</summary>
    public void Prepare()
    {
        lock (sync)
            Make((JsonText.Ascii, JsonText.NonAscii));
    }

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

            return (int)UInt128.PopCount(hint.Ascii) < FewestCharacters || Seen(key) < Asked ? null : Make(key);
        }
    }

    private LoopClass Make((UInt128 Ascii, bool NonAscii) key)
    {
        if (classes.Count == Most)
            classes.Remove(classes.MinBy(entry => entry.Value.Used).Key);
        var made = new LoopClass(vocabulary, key.Ascii, key.NonAscii);
        classes[key] = (made, ++clock);
        return made;
    }

    private int Seen((UInt128 Ascii, bool NonAscii) key)
    {
        if (seen.Count == MostSeen)
            seen.Clear();
        return seen[key] = seen.GetValueOrDefault(key) + 1;
    }
}
