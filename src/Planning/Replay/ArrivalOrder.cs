using Penstock.Planning.Traces;

namespace Penstock.Planning.Replay;

/// <summary>By arrival; those that arrive together by what they are, so that the order of a file's lines does not show.</summary>
internal static class ArrivalOrder
{
    public static int Compare(TraceRequest first, TraceRequest second)
    {
        var order = first.ArrivalSeconds.CompareTo(second.ArrivalSeconds);
        if (order == 0)
            order = string.CompareOrdinal(first.Tenant, second.Tenant);
        if (order == 0)
            order = first.PromptTokens.CompareTo(second.PromptTokens);
        if (order == 0)
            order = first.OutputTokens.CompareTo(second.OutputTokens);
        return order != 0 ? order : first.Blocks.AsSpan().SequenceCompareTo(second.Blocks);
    }
}
