using System.Buffers;
using System.Text;
using Penstock.Constraints.Json.Machine.Numbers;
using Penstock.Constraints.Json.Machine.Scanning;
using Penstock.Constraints.Json.Machine.Texts;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>Finds a value for an item that is not in the array yet.</summary>
internal static class ItemValues
{
    /// <summary>A value of a term that is not among those seen, or null where none was found.</summary>
    public static byte[]? Find(MachineContext context, SchemaTerm term, SeenItems seen)
    {
        if (!term.IsSatisfiable)
            return null;

        var output = new ArrayBufferWriter<byte>();
        term.WriteShortest(output);
        if (!seen.Contains(CanonicalJson.Of(output.WrittenMemory)))
            return output.WrittenSpan.ToArray();

        foreach (var shape in term.Shapes)
        {
            if (Find(context, shape, term, seen) is { } value)
                return value;
        }

        return null;
    }

    private static byte[]? Find(MachineContext context, ValueShape shape, SchemaTerm term, SeenItems seen)
    {
        switch (shape)
        {
            case LiteralShape literal:
                return seen.Contains(literal.Text.ToArray()) ? null : literal.Text.ToArray();
            case StringShape text:
                if (StringTarget.Start(context, text, seen.Strings) is not { } target)
                    return null;

                var output = new ArrayBufferWriter<byte>();
                output.Write("\""u8);
                target.WriteEnding(context, context.Bottom, output, null);
                return output.WrittenSpan.ToArray();
            case NumberShape number:
                return NumberCompletion.Find(NumberState.Start(context, context.PlanOf(number, seen.Numbers))) is { } digits ? Encoding.ASCII.GetBytes(digits) : null;
            default:
                return FindComposite(context, term, shape is ObjectShape ? (byte)'{' : (byte)'[', seen);
        }
    }

    private static byte[]? FindComposite(MachineContext context, SchemaTerm term, byte opening, SeenItems seen)
    {
        var item = context.Intern(new ItemFrame(context.Bottom, seen, 0));
        var threads = new List<JsonThread>();
        ThreadStepper.Step(context, new(ValueScanner.Of(context, term), item, null), opening, threads, within: item);
        foreach (var thread in threads)
        {
            if (DistinctEnding.Find(context, thread, item) is { } rest)
                return [opening, .. rest];
        }

        return null;
    }
}
