using System.Buffers;

namespace Penstock.Constraints.Json.Machine.Scanning;

/// <summary>After an opening bracket: the array that closes at once. Its first item is another thread's.</summary>
internal sealed class OpenArrayScanner : Scanner
{
    private readonly int run;

    private OpenArrayScanner(int run) => this.run = run;

    public static OpenArrayScanner Of(MachineContext context, int run) => context.Intern(new OpenArrayScanner(run));

    public override bool MayTake(byte value) => value is <= 0x20 or (byte)']';

    public override void Step(MachineContext context, JsonThread thread, byte value, List<JsonThread> next)
    {
        var trace = ThreadStepper.Remember(context, thread, value);
        if (value == ']')
        {
            foreach (var array in thread.Frame is JoinedFrame joined ? joined.Members : [thread.Frame])
                ThreadStepper.Close(context, array.Parent!, trace, next);
        }
        else if (context.Layout.Extend(run, value, thread.Frame.Depth) is var longer and >= 0)
        {
            next.Add(thread with { Scanner = Of(context, longer), Trace = trace });
        }
    }

    public override long EndingLength(MachineContext context, Frame frame) => 0;

    public override void WriteEnding(MachineContext context, Frame frame, IBufferWriter<byte> output, Frame? stop) => frame.WriteEnds(output, stop);

    protected override bool IsSame(Interned other) => run == ((OpenArrayScanner)other).run;

    protected override int Hash() => HashCode.Combine(2, run);
}
