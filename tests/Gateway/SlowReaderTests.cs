using Penstock.Contracts.Generation;
using Penstock.Gateway.Requests;

namespace Penstock.Gateway.Tests;

/// <summary>A reader that lets tokens wait beyond the gap target is a cause of gaps; one that keeps up, or that waits itself, is not.</summary>
public sealed class SlowReaderTests
{
    private readonly SteppedTime time = new();

    [Theory]
    [InlineData(99, 0)]
    [InlineData(101, 2)]
    public void Flushed_AfterMoreThanTheTarget_IsASlowRead(int milliseconds, int expected)
    {
        var delivery = new Delivery(time, TimeSpan.FromMilliseconds(100));
        for (var read = 0; read < 2; read++)
        {
            delivery.Take(new GenerationEvent { Kind = GenerationEventKind.Text, Tokens = 1 });
            time.Advance(milliseconds);
            delivery.Flushed();
            time.Advance(1000);
        }

        Assert.Equal(expected, delivery.SlowReads);
        Assert.Equal(expected == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(milliseconds), delivery.LongestSlowRead);
        Assert.Equal(2, delivery.Delivered);
    }

    [Fact]
    public void Flushed_WithoutATarget_CountsNothing()
    {
        var delivery = new Delivery(time);
        delivery.Take(new GenerationEvent { Kind = GenerationEventKind.Text, Tokens = 1 });
        time.Advance(10_000);
        delivery.Flushed();

        Assert.Equal(0, delivery.SlowReads);
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long now = 1;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => now;

        public void Advance(long milliseconds) => now += milliseconds;
    }
}
