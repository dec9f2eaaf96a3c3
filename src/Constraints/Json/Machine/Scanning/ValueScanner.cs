using System.Buffers;
using Penstock.Constraints.Json.Machine.Arrays;
using Penstock.Constraints.Json.Machine.Numbers;
using Penstock.Constraints.Json.Machine.Objects;
using Penstock.Constraints.Json.Machine.Texts;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Scanning;

/// <summary>Before a value: its first byte tells its type, and every shape of that type is followed.</summary>
internal sealed class ValueScanner : Scanner
{
    private readonly SchemaTerm term;
    private readonly int run;

    private ValueScanner(SchemaTerm term, int run) => (this.term, this.run) = (term, run);

    public static ValueScanner Of(MachineContext context, SchemaTerm term, int run = 0) => context.Intern(new ValueScanner(term, run));

    public override bool MayTake(byte value) =>
        value is <= 0x20 or (byte)'"' or (byte)'{' or (byte)'[' or (byte)'-' or (>= (byte)'0' and <= (byte)'9') or (byte)'t' or (byte)'f' or (byte)'n';

    public override void Step(MachineContext context, JsonThread thread, byte value, List<JsonThread> next)
    {
        var trace = ThreadStepper.Remember(context, thread, value);
        if (context.Layout.Extend(run, value, thread.Frame.Depth) is var longer and >= 0)
        {
            next.Add(thread with { Scanner = Of(context, term, longer), Trace = trace });
            return;
        }

        if (value <= 0x20)
            return;

        var seen = (thread.Frame as ItemFrame)?.Seen;
        foreach (var shape in term.Shapes)
            Begin(context, thread with { Trace = trace }, shape, value, seen, next);
    }

    public override long EndingLength(MachineContext context, Frame frame) => term.ShortestLength;

    public override void WriteEnding(MachineContext context, Frame frame, IBufferWriter<byte> output, Frame? stop)
    {
        if (frame is ItemFrame item && ItemValues.Find(context, term, item.Seen) is { } value)
            output.Write(value);
        else
            term.WriteShortest(output);

        frame.WriteEnds(output, stop);
    }

    protected override bool IsSame(Interned other) => run == ((ValueScanner)other).run && ReferenceEquals(term, ((ValueScanner)other).term);

    protected override int Hash() => HashCode.Combine(7, run, term);

    private static void Begin(MachineContext context, JsonThread thread, ValueShape shape, byte value, SeenItems? seen, List<JsonThread> next)
    {
        switch (shape)
        {
            case StringShape text when value == '"':
                if (StringTarget.Start(context, text, seen?.Strings) is { } target)
                    next.Add(thread with { Scanner = StringScanner.Of(context, target) });

                break;
            case ObjectShape properties when value == '{':
                if (context.PlanOf(properties).Start() is { IsAlive: true } empty)
                    next.Add(thread with { Scanner = KeyStartScanner.Of(context, true, 0), Frame = context.Intern(new ObjectFrame(thread.Frame, empty)) });

                break;
            case ArrayShape items when value == '[':
                if (context.PlanOf(items).Start() is { IsAlive: true } none)
                {
                    var array = context.Intern(new ArrayFrame(thread.Frame, none));
                    if (none.CanClose)
                        next.Add(thread with { Scanner = OpenArrayScanner.Of(context, 0), Frame = array });

                    ItemStarts.Add(context, array, thread.Trace, next);
                }

                break;
            case LiteralShape word when word.Text.Span[0] == value:
                if (seen is null || !seen.Contains(word.Text.ToArray()))
                    next.Add(thread with { Scanner = LiteralScanner.Of(context, word, 1) });

                break;
            case NumberShape number when value is (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                if (NumberState.Start(context, context.PlanOf(number, seen?.Numbers ?? TextSet.Empty)).Step(context, value) is { } begun)
                    next.Add(thread with { Scanner = NumberScanner.Of(context, begun) });

                break;
        }
    }
}
