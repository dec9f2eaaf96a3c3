using System.Text.Json;
using Penstock.Constraints.Json.Machine.Texts;

namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>The items that an array with unique items has so far, in canonical form.</summary>
internal sealed class SeenItems : Interned
{
    private readonly TextSet items;

    private SeenItems(TextSet items, TextSet strings, TextSet numbers, int composites) =>
        (this.items, Strings, Numbers, Composites) = (items, strings, numbers, composites);

    public static SeenItems Empty { get; } = new(TextSet.Empty, TextSet.Empty, TextSet.Empty, 0);

    public int Count => items.Count;

    /// <summary>The strings, decoded.</summary>
    public TextSet Strings { get; }

    /// <summary>The numbers, as the shortest spelling of the 64-bit float nearest to them.</summary>
    public TextSet Numbers { get; }

    /// <summary>How many are objects or arrays.</summary>
    public int Composites { get; }

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
                composites++;
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
