using Penstock.Constraints.Json.Machine.Scanning;
using Penstock.Constraints.Json.Schemas;

namespace Penstock.Constraints.Json.Machine;

/// <summary>
/// Reads JSON byte by byte against a compiled schema, keeping every reading that is still possible: threads, each a scanner for what is being read and a
/// stack of what is open, as persistent lists that threads share (after M. Tomita's graph-structured stacks, 1985, without their ambiguity).
/// </summary>
/// <remarks>
/// The states of one start share memos and belong to one thread at a time, with the schema. Memory is bounded: past the bound all memos are dropped.
/// A step may throw <see cref="ConstraintLimitException"/> where the schema's texts grow beyond their bounds.
/// </remarks>
public static class JsonMachine
{
    /// <summary>States, frames and scanners that are remembered by default: some tens of megabytes.</summary>
    public const int DefaultStoreBound = 200_000;

    /// <summary>The state before the first byte of a document.</summary>
    /// <param name="schema">What the document must be.</param>
    /// <param name="layout">The white space that it may have; <see cref="JsonLayout.Flexible"/> by default.</param>
    /// <param name="storeBound">How many objects are remembered before all are forgotten.</param>
    public static ConstraintState Start(CompiledSchema schema, JsonLayout? layout = null, int storeBound = DefaultStoreBound)
    {
        var context = new MachineContext(schema.Texts, layout ?? JsonLayout.Flexible, storeBound);
        return JsonState.Of(context, [new(ValueScanner.Of(context, schema.Root), context.Bottom, null)])!;
    }
}
