using System.Buffers;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>An open object.</summary>
internal sealed class ObjectFrame : Frame
{
    public ObjectFrame(Frame parent, ObjectProgress progress)
        : base(parent, progress.EndLength)
    {
        Progress = progress;
        Depth = parent.Depth + 1;
    }

    /// <summary>Its properties, that whose value is being read included.</summary>
    public ObjectProgress Progress { get; }

    public override void WriteEnd(IBufferWriter<byte> output) => Progress.WriteEnd(output);

    public override object Core => Progress;

    public override Frame Inside(MachineContext context, Frame parent) => context.Intern(new ObjectFrame(parent, Progress));

    protected override Frame MakeOutline(MachineContext context) => context.Intern(new ObjectFrame(Parent!.OutlineIn(context), Progress.Outline));

    protected override bool IsSame(Interned other) => ReferenceEquals(Parent, ((ObjectFrame)other).Parent) && ReferenceEquals(Progress, ((ObjectFrame)other).Progress);

    protected override int Hash() => HashCode.Combine(Parent!.Id, Progress.Id);
}
