using System.Buffers;
using System.Text;
using Penstock.Constraints.Json.Machine.Numbers;

namespace Penstock.Constraints.Json.Machine.Scanning;

/// <summary>Inside a number, which ends where something else begins.</summary>
internal sealed class NumberScanner : Scanner
{
    private readonly NumberState number;

    private NumberScanner(NumberState number) => this.number = number;

    public static NumberScanner Of(MachineContext context, NumberState number) => context.Intern(new NumberScanner(number));

    public override bool Accepts(Frame frame) => frame is DocumentFrame && number.CanClose;

    public override void Step(MachineContext context, JsonThread thread, byte value, List<JsonThread> next)
    {
        if (value is (byte)',' or (byte)']' or (byte)'}' or <= 0x20)
        {
            if (!number.CanClose)
                return;

            var closed = new List<JsonThread>(1);
            ThreadStepper.Close(context, thread.Frame, thread.Trace, closed);
            foreach (var after in closed)
                after.Scanner.Step(context, after, value, next);
        }
        else if (number.Step(context, value) is { } longer)
        {
            next.Add(thread with { Scanner = Of(context, longer), Trace = ThreadStepper.Remember(context, thread, value) });
        }
    }

    public override long EndingLength(MachineContext context, Frame frame) => number.Completion.Length;

    public override void WriteEnding(MachineContext context, Frame frame, IBufferWriter<byte> output, Frame? stop)
    {
        output.Write(Encoding.ASCII.GetBytes(number.Completion));
        frame.WriteEnds(output, stop);
    }

    protected override bool IsSame(Interned other) => ReferenceEquals(number, ((NumberScanner)other).number);

    protected override int Hash() => HashCode.Combine(6, number.Id);
}
