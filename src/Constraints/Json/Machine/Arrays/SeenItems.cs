using System.Text.Json;
using Penstock.Constraints.Json.Machine.Texts;

namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>The items that an array with unique items has so far, in canonical form.</summary>
internal sealed class SeenItems : Interned
{
    private readonly TextSet items;
    private IReadOnlyList<(bool IsObject, Dictionary<string, byte[]> Members)>? members;

    private SeenItems(TextSet items, TextSet strings, TextSet numbers, TextSet composites) =>
        (this.items, Strings, Numbers, Composites) = (items, strings, numbers, composites);

    public static SeenItems Empty { get; } = new(TextSet.Empty, TextSet.Empty, TextSet.Empty, TextSet.Empty);

    public int Count => items.Count;

    /// <summary>The strings, decoded.</summary>
    public TextSet Strings { get; }

    /// <summary>The numbers, as the shortest spelling of the 64-bit float nearest to them.</summary>
    public TextSet Numbers { get; }

    /// <summary>The objects and arrays, in canonical form.</summary>
    public TextSet Composites { get; }

    /// <summary>The members of <see cref="Composites"/>: canonical values by name, or by index as text in arrays.</summary>
    public IReadOnlyList<(bool IsObject, Dictionary<string, byte[]> Members)> Members => members ??= [.. Enumerable.Range(0, Composites.Count).Select(i => CanonicalJson.MembersOf(Composites[i]))];

    /// <summary>Whether a canonical value is there.</summary>
    public bool Contains(byte[] canonical) => items.Contains(canonical);

    public SeenItems With(MachineContext context, byte[] canonical)
    {
        var (strings, numbers, composites) = (Strings, Numbers, Composites);
        switch ((char)canonical[0])
        {
            case '"':
                strings = strings.With(context, Decode(canonical));
                break;
            case '{' or '[':
                composites = composites.With(context, canonical);
                break;
            case '-' or (>= '0' and <= '9'):
                numbers = numbers.With(context, canonical);
                break;
        }

        return context.Intern(new SeenItems(items.With(context, canonical), strings, numbers, composites));
    }

    protected override bool IsSame(Interned other) => ReferenceEquals(items, ((SeenItems)other).items);

    protected override int Hash() => items.GetHashCode();

    private static byte[] Decode(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var text = new byte[json.Length];
        return text[..reader.CopyString(text)];
    }
}
