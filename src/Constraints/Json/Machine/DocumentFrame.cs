using System.Buffers;

namespace Penstock.Constraints.Json.Machine;

/// <summary>The bottom of every stack: after its value the document is complete.</summary>
internal sealed class DocumentFrame() : Frame(null, 0)
{
    public override void WriteEnd(IBufferWriter<byte> output)
    {
    }

    protected override Frame MakeOutline(MachineContext context) => this;

    protected override bool IsSame(Interned other) => true;

    protected override int Hash() => 1;
}
