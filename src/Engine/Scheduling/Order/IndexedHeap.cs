namespace Penstock.Engine.Scheduling.Order;

/// <summary>A binary heap whose items know their places, so that any of them can be removed or moved in logarithmic time. Allocates only to grow.</summary>
internal sealed class IndexedHeap<T, TOrder>
    where T : class
    where TOrder : IHeapOrder<T>
{
    private T[] items = new T[8];

    public int Count { get; private set; }

    /// <summary>The first of all, or null.</summary>
    public T? First => Count == 0 ? null : items[0];

    public ReadOnlySpan<T> Items => items.AsSpan(0, Count);

    public static bool Holds(T item) => TOrder.Place(item) != 0;

    public void Add(T item)
    {
        if (Count == items.Length)
            Array.Resize(ref items, 2 * Count);
        Put(item, Count++);
        Rise(Count - 1);
    }

    /// <returns>False when it was not there.</returns>
    public bool Remove(T item)
    {
        var place = TOrder.Place(item) - 1;
        if (place < 0)
            return false;

        TOrder.Place(item) = 0;
        var last = items[--Count];
        items[Count] = null!;
        if (place < Count)
        {
            Put(last, place);
            Rise(place);
            Sink(TOrder.Place(last) - 1);
        }

        return true;
    }

    /// <summary>The item's key has changed.</summary>
    public void Update(T item)
    {
        var place = TOrder.Place(item) - 1;
        if (place < 0)
            return;

        Rise(place);
        Sink(TOrder.Place(item) - 1);
    }

    private void Rise(int place)
    {
        var item = items[place];
        while (place > 0 && TOrder.Before(item, items[(place - 1) / 2]))
        {
            Put(items[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }

        Put(item, place);
    }

    private void Sink(int place)
    {
        var item = items[place];
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && TOrder.Before(items[child + 1], items[child]))
                child++;
            if (!TOrder.Before(items[child], item))
                break;

            Put(items[child], place);
            place = child;
        }

        Put(item, place);
    }

    private void Put(T item, int place)
    {
        items[place] = item;
        TOrder.Place(item) = place + 1;
    }
}
