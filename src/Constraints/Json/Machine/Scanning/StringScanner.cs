using System.Buffers;
using System.Text;
using Penstock.Constraints.Json.Machine.Objects;
using Penstock.Constraints.Json.Machine.Texts;

namespace Penstock.Constraints.Json.Machine.Scanning;

/// <summary>Between the quotes of a string or a name: undoes escapes in front of a <see cref="TextTarget"/>.</summary>
internal sealed class StringScanner : Scanner
{
    // Quote, backslash and control characters stand for something else in JSON.
    private const ulong NotRaw = 0xFFFF_FFFFUL | (1UL << '"');
    private static readonly UInt128 Raw = ~(new UInt128(1UL << ('\\' - 64), NotRaw));

    private readonly TextTarget target;
    private readonly Escape escape;
    private bool? canEscape;

    private StringScanner(TextTarget target, Escape escape) => (this.target, this.escape) = (target, escape);

    public override LoopHint? Loop => escape.Phase == EscapePhase.None && target.Loop is { } loop ? loop with { Ascii = loop.Ascii & Raw } : null;

    public static StringScanner Of(MachineContext context, TextTarget target) => target.Scanner ??= context.Intern(new StringScanner(target, default));

    public override void Step(MachineContext context, JsonThread thread, byte value, List<JsonThread> next)
    {
        if (escape.Phase == EscapePhase.None && value == '"')
        {
            Close(context, thread, ThreadStepper.Remember(context, thread, value), next);
            return;
        }

        if (Follow(context, value) is { } scanner)
            next.Add(thread with { Scanner = scanner, Trace = ThreadStepper.Remember(context, thread, value) });
    }

    public override long EndingLength(MachineContext context, Frame frame)
    {
        if (escape.Phase == EscapePhase.None)
            return target.EndingLength(context, frame);

        var (rest, after) = EndEscape(context);
        return rest.Length + after.EndingLength(context, frame);
    }

    public override void WriteEnding(MachineContext context, Frame frame, IBufferWriter<byte> output, Frame? stop)
    {
        var at = target;
        if (escape.Phase != EscapePhase.None)
        {
            (var rest, at) = EndEscape(context);
            output.Write(Encoding.ASCII.GetBytes(rest));
        }

        at.WriteEnding(context, frame, output, stop);
    }

    public override Scanner OutlineIn(MachineContext context)
    {
        if (target is not KeyTarget key)
            return this;

        var outline = key.OutlineIn(context);
        return escape.Phase == EscapePhase.None ? Of(context, outline) : context.Intern(new StringScanner(outline, escape));
    }

    protected override bool IsSame(Interned other) => ReferenceEquals(target, ((StringScanner)other).target) && escape == ((StringScanner)other).escape;

    protected override int Hash() => HashCode.Combine(8, target.Id, escape);

    private void Close(MachineContext context, JsonThread thread, Trace? trace, List<JsonThread> next)
    {
        if (target is not KeyTarget key)
        {
            if (target.CanClose)
                ThreadStepper.Close(context, thread.Frame, trace, next);

            return;
        }

        foreach (var (from, starts) in key.Starts)
        {
            var parent = thread.Frame is JoinedFrame joined ? joined.MemberOf(from).Parent! : thread.Frame.Parent!;
            foreach (var (value, progress) in starts)
                next.Add(new(ColonScanner.Of(context, value), context.Intern(new ObjectFrame(parent, progress)), trace));
        }
    }

    private StringScanner? Follow(MachineContext context, byte value)
    {
        if (escape.Phase == EscapePhase.None)
        {
            if (value == '\\')
                return CanEscape(context) ? context.Intern(new StringScanner(target, new(EscapePhase.Backslash))) : null;

            return value >= 0x20 && target.Step(context, value) is { } plain ? Of(context, plain) : null;
        }

        if (escape.Step(value, out var codePoint) is not { } next)
            return null;

        if (codePoint >= 0)
            return CodePoints.Step(context, target, codePoint) is { } after ? Of(context, after) : null;

        return next.Find(context, target) >= 0 ? context.Intern(new StringScanner(target, next)) : null;
    }

    private bool CanEscape(MachineContext context) => canEscape ??= CodePoints.Find(context, target, 0, CodePoints.Last) >= 0;

    private (string Missing, TextTarget After) EndEscape(MachineContext context)
    {
        var codePoint = escape.Find(context, target);
        return (escape.RestOf(codePoint), CodePoints.Step(context, target, codePoint)!);
    }
}
