using System.Buffers;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Scanning;

/// <summary>Between a name and its colon.</summary>
internal sealed class ColonScanner : Scanner
{
    private readonly SchemaTerm term;
    private readonly int run;

    private ColonScanner(SchemaTerm term, int run) => (this.term, this.run) = (term, run);

    public static ColonScanner Of(MachineContext context, SchemaTerm term, int run = 0) => context.Intern(new ColonScanner(term, run));

    public override bool MayTake(byte value) => value is <= 0x20 or (byte)':';

    public override void Step(MachineContext context, JsonThread thread, byte value, List<JsonThread> next)
    {
        var trace = ThreadStepper.Remember(context, thread, value);
        if (value == ':')
            next.Add(thread with { Scanner = ValueScanner.Of(context, term), Trace = trace });
        else if (context.Layout.Extend(run, value, thread.Frame.Depth) is var longer and >= 0)
            next.Add(thread with { Scanner = Of(context, term, longer), Trace = trace });
    }

    public override long EndingLength(MachineContext context, Frame frame) => 1 + (long)term.ShortestLength;

    public override void WriteEnding(MachineContext context, Frame frame, IBufferWriter<byte> output, Frame? stop)
    {
        output.Write(":"u8);
        term.WriteShortest(output);
        frame.WriteEnds(output, stop);
    }

    protected override bool IsSame(Interned other) => run == ((ColonScanner)other).run && ReferenceEquals(term, ((ColonScanner)other).term);

    protected override int Hash() => HashCode.Combine(4, run, term);
}
