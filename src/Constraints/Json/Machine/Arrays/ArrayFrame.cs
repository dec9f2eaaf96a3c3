using System.Buffers;

namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>An open array.</summary>
internal sealed class ArrayFrame : Frame
{
    public ArrayFrame(Frame parent, ArrayProgress progress)
        : base(parent, progress.EndLength)
    {
        Progress = progress;
        Depth = parent.Depth + 1;
    }

    /// <summary>Its items, the one that is being read counted.</summary>
    public ArrayProgress Progress { get; }

    public override void WriteEnd(IBufferWriter<byte> output) => Progress.WriteEnd(output);

    public override object Core => Progress;

    public override Frame Inside(MachineContext context, Frame parent) => context.Intern(new ArrayFrame(parent, Progress));

    protected override Frame MakeOutline(MachineContext context) => context.Intern(new ArrayFrame(Parent!.OutlineIn(context), Progress.Outline));

    protected override bool IsSame(Interned other) => ReferenceEquals(Parent, ((ArrayFrame)other).Parent) && ReferenceEquals(Progress, ((ArrayFrame)other).Progress);

    protected override int Hash() => HashCode.Combine(Parent!.Id, Progress.Id);
}
