using System.Buffers;
using Penstock.Constraints.Json.Machine.Objects;

namespace Penstock.Constraints.Json.Machine.Scanning;

/// <summary>Before a property's name: after an opening brace, where the object may close as well, or after a comma.</summary>
internal sealed class KeyStartScanner : Scanner
{
    private readonly bool isFirst;
    private readonly int run;

    private KeyStartScanner(bool isFirst, int run) => (this.isFirst, this.run) = (isFirst, run);

    public static KeyStartScanner Of(MachineContext context, bool isFirst, int run) => context.Intern(new KeyStartScanner(isFirst, run));

    public override bool MayTake(byte value) => value is <= 0x20 or (byte)'"' or (byte)'}';

    public override void Step(MachineContext context, JsonThread thread, byte value, List<JsonThread> next)
    {
        var trace = ThreadStepper.Remember(context, thread, value);
        switch (value)
        {
            case (byte)'"':
                if (ProgressesOf(context, thread.Frame).KeyStart is { } key)
                    next.Add(thread with { Scanner = StringScanner.Of(context, key), Trace = trace });

                break;
            case (byte)'}':
                foreach (var open in isFirst ? Frames(thread.Frame) : [])
                {
                    if (open.Progress.CanClose)
                        ThreadStepper.Close(context, open.Parent!, trace, next);
                }

                break;
            default:
                if (context.Layout.Extend(run, value, thread.Frame.Depth) is var longer and >= 0)
                    next.Add(thread with { Scanner = Of(context, isFirst, longer), Trace = trace });

                break;
        }
    }

    public override long EndingLength(MachineContext context, Frame frame) => isFirst ? 0 : KeyOf(context, frame).EndingLength(context, frame) + 1;

    public override void WriteEnding(MachineContext context, Frame frame, IBufferWriter<byte> output, Frame? stop)
    {
        if (isFirst)
        {
            frame.WriteEnds(output, stop);
            return;
        }

        output.Write("\""u8);
        KeyOf(context, frame).WriteEnding(context, frame, output, stop);
    }

    protected override bool IsSame(Interned other) => run == ((KeyStartScanner)other).run && isFirst == ((KeyStartScanner)other).isFirst;

    protected override int Hash() => HashCode.Combine(3, run, isFirst);

    private static KeyTarget KeyOf(MachineContext context, Frame frame) => ProgressesOf(context, frame).KeyStart!;

    private static ProgressSet ProgressesOf(MachineContext context, Frame frame) =>
        frame is JoinedFrame joined ? joined.ProgressesIn(context) : ((ObjectFrame)frame).Progress.Alone;

    private static IEnumerable<ObjectFrame> Frames(Frame frame) => frame is JoinedFrame joined ? joined.Members.Cast<ObjectFrame>() : [(ObjectFrame)frame];
}
