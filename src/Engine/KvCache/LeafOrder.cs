using Penstock.Engine.Scheduling.Order;

namespace Penstock.Engine.KvCache;

/// <summary>Which leaf goes first: least rank; among equals the deepest, as the least likely to be met again; then the youngest, so that the order is total.</summary>
internal sealed class LeafOrder : IHeapOrder<PrefixNode>
{
    public static bool Before(PrefixNode first, PrefixNode second) =>
        first.Rank != second.Rank ? first.Rank < second.Rank
        : first.End != second.End ? first.End > second.End
        : first.Number > second.Number;

    public static ref int Place(PrefixNode item) => ref item.Place;
}
