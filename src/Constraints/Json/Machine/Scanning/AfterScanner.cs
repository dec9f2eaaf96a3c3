using System.Buffers;
using Penstock.Constraints.Json.Machine.Arrays;
using Penstock.Constraints.Json.Machine.Objects;

namespace Penstock.Constraints.Json.Machine.Scanning;

/// <summary>After a value: a comma, a closing bracket, or the end.</summary>
internal sealed class AfterScanner : Scanner
{
    private readonly int run;

    private AfterScanner(int run) => this.run = run;

    /// <param name="run">White space so far (see <see cref="JsonLayout.Extend"/>).</param>
    public static AfterScanner Of(MachineContext context, int run) => context.Intern(new AfterScanner(run));

    public override bool Accepts(Frame frame) => frame is DocumentFrame;

    public override bool MayTake(byte value) => value is <= 0x20 or (byte)',' or (byte)'}' or (byte)']';

    public override void Step(MachineContext context, JsonThread thread, byte value, List<JsonThread> next)
    {
        var trace = ThreadStepper.Remember(context, thread, value);
        if (value <= 0x20)
        {
            if ((thread.Frame is not DocumentFrame || context.Layout.AllowsTrailing) && context.Layout.Extend(run, value, thread.Frame.Depth) is var longer and >= 0)
                next.Add(thread with { Scanner = Of(context, longer), Trace = trace });
        }
        else if (thread.Frame is JoinedFrame joined)
        {
            foreach (var member in joined.Members)
                Leave(context, member, value, trace, next);
        }
        else
        {
            Leave(context, thread.Frame, value, trace, next);
        }
    }

    public override long EndingLength(MachineContext context, Frame frame) => 0;

    public override void WriteEnding(MachineContext context, Frame frame, IBufferWriter<byte> output, Frame? stop) => frame.WriteEnds(output, stop);

    protected override bool IsSame(Interned other) => run == ((AfterScanner)other).run;

    protected override int Hash() => HashCode.Combine(1, run);

    private static void Leave(MachineContext context, Frame frame, byte value, Trace? trace, List<JsonThread> next)
    {
        switch (value)
        {
            case (byte)',' when frame is ObjectFrame { Progress.MayGoOn: true }:
                next.Add(new(KeyStartScanner.Of(context, false, 0), frame, trace));
                break;
            case (byte)',' when frame is ArrayFrame open:
                ItemStarts.Add(context, open, trace, next);
                break;
            case (byte)'}' when frame is ObjectFrame { Progress.CanClose: true }:
            case (byte)']' when frame is ArrayFrame { Progress.CanClose: true }:
                ThreadStepper.Close(context, frame.Parent!, trace, next);
                break;
        }
    }
}
