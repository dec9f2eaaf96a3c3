using System.Buffers;
using System.Runtime.CompilerServices;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>The items that an open array still needs. Those that count for a rule are tried first.</summary>
internal sealed class ArrayEnding
{
    private readonly List<(SchemaTerm? Term, byte[]? Value, int Times)> items = [];

    /// <summary>Bytes of the items and the closing bracket.</summary>
    public long Length { get; private set; } = 1;

    public static ArrayEnding? Of(MachineContext context, ArrayProgress progress)
    {
        var ending = new ArrayEnding();
        if (progress is { Seen: null, Plan.Shape.Contains.Count: 0 })
            ending.Fill(progress);
        else if (!ending.Search(context, progress, []))
            return null;

        ending.Length -= progress.Index == 0 && ending.items.Count > 0 ? 1 : 0;
        return ending;
    }

    public void Write(IBufferWriter<byte> output, bool isFirst)
    {
        foreach (var (term, value, times) in items)
        {
            for (var i = 0; i < times; i++)
            {
                output.Write(isFirst ? ""u8 : ","u8);
                isFirst = false;
                if (value is not null)
                    output.Write(value);
                else
                    term!.WriteShortest(output);
            }
        }

        output.Write("]"u8);
    }

    /// <summary>Without rules and memories it is the number of items alone that counts.</summary>
    private void Fill(ArrayProgress progress)
    {
        var shape = progress.Plan.Shape;
        var index = progress.Index;
        for (; index < shape.MinItems && index < shape.Prefix.Count; index++)
            Add(shape.Prefix[index], null, 1);

        if (index < shape.MinItems)
            Add(shape.Rest, null, shape.MinItems - index);
    }

    private bool Search(MachineContext context, ArrayProgress progress, HashSet<ArrayProgress> dead)
    {
        if (progress.CanClose)
            return true;

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new ConstraintLimitException(ConstraintBound.States, "An array needs too many items for the rules about what it contains.");

        if (dead.Contains(progress))
            return false;

        foreach (var (term, next) in progress.Choices)
        {
            WorkBudget.Charge();
            if (progress.Index >= progress.Plan.LastUsefulIndex && next.Counted == progress.Counted)
                continue;

            var value = progress.Seen is null ? null : ItemValues.Find(context, term, progress.Seen);
            if (progress.Seen is not null && value is null)
                continue;

            var place = items.Count;
            Add(term, value, 1);
            if (Search(context, value is null ? next : next.With(CanonicalJson.Of(value)), dead))
                return true;

            Length -= LengthOf(items[place].Term, items[place].Value);
            items.RemoveAt(place);
        }

        dead.Add(progress);
        return false;
    }

    private void Add(SchemaTerm term, byte[]? value, int times)
    {
        items.Add((term, value, times));
        Length += times * LengthOf(term, value);
    }

    private static long LengthOf(SchemaTerm? term, byte[]? value) => 1 + (value?.Length ?? term!.ShortestLength);
}
