namespace Penstock.Engine.Scheduling.Order;

/// <summary>How an <see cref="IndexedHeap{T, TOrder}"/> orders its items, and where an item remembers its place.</summary>
internal interface IHeapOrder<T>
    where T : class
{
    static abstract bool Before(T first, T second);

    /// <summary>The item's place + 1; 0 = it is not in the heap.</summary>
    static abstract ref int Place(T item);
}
