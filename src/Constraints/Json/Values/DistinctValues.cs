using System.Buffers;
using System.Text;
using Penstock.Constraints.Json.Normalizing;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Values;

/// <summary>
/// Lists different values of a term, for <c>uniqueItems</c>. Words, numbers and strings are listed completely; of arrays and objects those that differ from
/// the short one in one item or property, or have one more.
/// </summary>
internal sealed class DistinctValues(ShortestValues shortest)
{
    // Values of a part that are tried in its place.
    private const int Variants = 64;

    public IEnumerable<byte[]> Of(SchemaTerm term) => Of(term, 0);

    private IEnumerable<byte[]> Of(SchemaTerm term, int depth)
    {
        if (shortest.LengthOf(term) is null)
        {
            yield break;
        }

        var seen = new HashSet<string>();
        foreach (var shape in shortest.Satisfiable(term))
        {
            foreach (var value in Of(shape, depth))
            {
                if (seen.Add(Encoding.UTF8.GetString(value)))
                {
                    yield return value;
                }
            }
        }
    }

    private IEnumerable<byte[]> Of(ValueShape shape, int depth) => shape switch
    {
        LiteralShape word => [word.Text.ToArray()],
        NumberShape number => NumberBuilder.Examples(number).Select(value => Encoding.ASCII.GetBytes(value.ToString())),
        StringShape text => TextEnumerator.Texts(text.Language, text.MinLength, text.MaxLength).Select(value => JsonText.Quote(value)),
        ArrayShape array when depth < 3 => Variations(array, depth),
        ObjectShape value when depth < 3 => Variations(value, depth),
        _ => [Written(shape)],
    };

    private IEnumerable<byte[]> Variations(ArrayShape shape, int depth)
    {
        yield return Written(shape);
        if (shape.Contains.Count > 0 || shape.Unique || shape.MaxItems == 0)
        {
            yield break;
        }

        // One item more than needed, of any value; a longer array still where items have only one.
        var least = Math.Min(Math.Max(shape.MinItems, 1), shape.MaxItems);
        var most = Math.Min(shape.MaxItems, least + Variants);
        for (var length = least; length <= most; length++)
        {
            var items = Enumerable.Range(0, length).Select(shape.ItemAt).ToArray();
            if (items.Any(item => shortest.LengthOf(item) is null))
            {
                yield break;
            }

            var others = items[..^1].Select(Written).ToArray();
            foreach (var last in Of(items[^1], depth + 1).Take(Variants))
            {
                yield return [(byte)'[', .. others.SelectMany(item => item.Append((byte)',')), .. last, (byte)']'];
            }
        }
    }

    private IEnumerable<byte[]> Variations(ObjectShape shape, int depth)
    {
        yield return Written(shape);
        if (shape.Exists.Count > 0)
        {
            yield break;
        }

        var required = shape.Named.Where(property => property.IsRequired).ToArray();
        foreach (var (name, value) in Varied(shape, required.Length))
        {
            var rest = required.Where(property => !property.Name.Span.SequenceEqual(name)).ToArray();
            if (rest.Length + 1 < shape.MinProperties)
            {
                yield break;
            }

            var start = rest.SelectMany(property => (byte[])[.. JsonText.Quote(property.Name.Span), (byte)':', .. Written(property.Value), (byte)',']).ToArray();
            foreach (var one in Of(value, depth + 1).Take(Variants))
            {
                yield return [(byte)'{', .. start, .. JsonText.Quote(name), (byte)':', .. one, (byte)'}'];
            }
        }
    }

    /// <summary>The properties that can be given another value, or added.</summary>
    private IEnumerable<(byte[] Name, SchemaTerm Value)> Varied(ObjectShape shape, int required)
    {
        for (var i = 0; i < shape.Named.Count; i++)
        {
            var index = i;
            var property = shape.Named[i];
            if (shortest.LengthOf(property.Value) is not null && (property.IsRequired || (required < shape.MaxProperties && !shape.Dependencies.Any(link => link.If == index))))
            {
                yield return (property.Name.ToArray(), property.Value);
            }
        }

        foreach (var other in shape.Others)
        {
            if (required < shape.MaxProperties && shortest.LengthOf(other.Value) is not null)
            {
                foreach (var name in TextEnumerator.Texts(other.Names).Take(Variants))
                {
                    yield return (name, other.Value);
                }
            }
        }
    }

    private byte[] Written(SchemaTerm term)
    {
        var output = new ArrayBufferWriter<byte>();
        shortest.Write(term, output);
        return output.WrittenSpan.ToArray();
    }

    private byte[] Written(ValueShape shape)
    {
        var output = new ArrayBufferWriter<byte>();
        shortest.PlanOf(shape, other => shortest.LengthOf(other))!.Write(output, shortest.Write);
        return output.WrittenSpan.ToArray();
    }
}
