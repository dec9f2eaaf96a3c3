using System.Buffers;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Values;

/// <summary>How a short value of a shape is written: bytes, with the short values of other terms between them.</summary>
internal sealed class ValuePlan
{
    private readonly List<(byte[] Bytes, SchemaTerm? Value, int Times)> parts = new(4);

    public static ValuePlan Of(byte[] bytes)
    {
        var plan = new ValuePlan();
        plan.Add(bytes);
        return plan;
    }

    public void Add(ReadOnlySpan<byte> bytes) => parts.Add((bytes.ToArray(), null, 1));

    /// <summary>Adds values of a term, with commas between them.</summary>
    public void Add(SchemaTerm value, int times = 1) => parts.Add(([], value, times));

    /// <summary>Bytes of the whole, or null where a part has no value as far as is known.</summary>
    public long? Length(Func<SchemaTerm, long?> lengthOf)
    {
        var length = 0L;
        foreach (var (bytes, value, times) in parts)
        {
            length += bytes.Length;
            if (value is null)
            {
                continue;
            }

            if (lengthOf(value) is not { } one)
            {
                return null;
            }

            length += (times * one) + times - 1;
        }

        return length;
    }

    public void Write(IBufferWriter<byte> output, Action<SchemaTerm, IBufferWriter<byte>> write)
    {
        foreach (var (bytes, value, times) in parts)
        {
            output.Write(bytes);
            for (var i = 0; value is not null && i < times; i++)
            {
                if (i > 0)
                {
                    output.Write(","u8);
                }

                write(value, output);
            }
        }
    }
}
