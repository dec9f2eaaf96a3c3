using System.Buffers;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Scanning;

/// <summary>Inside null, true or false.</summary>
internal sealed class LiteralScanner : Scanner
{
    private readonly LiteralShape word;
    private readonly int length;

    private LiteralScanner(LiteralShape word, int length) => (this.word, this.length) = (word, length);

    /// <param name="length">Bytes of the word that were read.</param>
    public static LiteralScanner Of(MachineContext context, LiteralShape word, int length) => context.Intern(new LiteralScanner(word, length));

    public override void Step(MachineContext context, JsonThread thread, byte value, List<JsonThread> next)
    {
        if (word.Text.Span[length] != value)
            return;

        var trace = ThreadStepper.Remember(context, thread, value);
        if (length + 1 == word.Text.Length)
            ThreadStepper.Close(context, thread.Frame, trace, next);
        else
            next.Add(thread with { Scanner = Of(context, word, length + 1), Trace = trace });
    }

    public override long EndingLength(MachineContext context, Frame frame) => word.Text.Length - length;

    public override void WriteEnding(MachineContext context, Frame frame, IBufferWriter<byte> output, Frame? stop)
    {
        output.Write(word.Text.Span[length..]);
        frame.WriteEnds(output, stop);
    }

    protected override bool IsSame(Interned other) => length == ((LiteralScanner)other).length && ReferenceEquals(word, ((LiteralScanner)other).word);

    protected override int Hash() => HashCode.Combine(5, length, word);
}
