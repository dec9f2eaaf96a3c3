using System.Runtime.CompilerServices;

namespace Penstock.Engine.Serving.Gaps;

/// <summary>One count for each <see cref="Penstock.Contracts.Records.GapCause"/>, in the order of its values.</summary>
[InlineArray(Length)]
internal struct GapCounts
{
    public const int Length = 7;

    private int first;
}
