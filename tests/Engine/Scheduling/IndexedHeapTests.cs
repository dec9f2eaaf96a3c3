using Penstock.Engine.Scheduling.Order;

namespace Penstock.Engine.Tests.Scheduling;

public sealed class IndexedHeapTests
{
    [Fact]
    public void AnyOperations_FirstIsTheLeast()
    {
        var (random, heap, items) = (new Random(1), new IndexedHeap<Item, Item>(), new List<Item>());
        for (var i = 0; i < 20_000; i++)
        {
            var operation = random.Next(3);
            if (operation == 0 || items.Count == 0)
            {
                items.Add(new Item { Key = random.Next(1000) });
                heap.Add(items[^1]);
            }
            else
            {
                var item = items[random.Next(items.Count)];
                if (operation == 1)
                {
                    Assert.True(heap.Remove(item));
                    Assert.False(heap.Remove(item));
                    items.Remove(item);
                }
                else
                {
                    item.Key = random.Next(1000);
                    heap.Update(item);
                }
            }

            Assert.Equal(items.Count, heap.Count);
            Assert.Equal(items.Count == 0 ? null : items.Min(item => item.Key), heap.First?.Key);
        }
    }

    private sealed class Item : IHeapOrder<Item>
    {
        private int place;

        public int Key { get; set; }

        public static bool Before(Item first, Item second) => first.Key < second.Key;

        public static ref int Place(Item item) => ref item.place;
    }
}
