namespace Penstock.Ledger.Tests;

public class PercentileTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.01, 1)]
    [InlineData(0.5, 50)]
    [InlineData(0.501, 51)]
    [InlineData(0.99, 99)]
    [InlineData(0.999, 100)]
    [InlineData(1, 100)]
    public void Of_OneToHundred_IsTheNearestRank(double share, int value) => Assert.Equal(value, Percentile.Of([.. Enumerable.Range(1, 100)], share));

    [Fact]
    public void Of_AnyShareOfAnyCount_CoversAtLeastThatShareAndNoMoreThanNeeded()
    {
        for (var count = 1; count <= 60; count++)
        {
            for (var percent = 1; percent <= 100; percent++)
            {
                var rank = Percentile.Of([.. Enumerable.Range(1, count)], percent / 100.0)!.Value;
                Assert.True(rank * 100 >= percent * count && (rank - 1) * 100 < percent * count);
            }
        }
    }

    [Fact]
    public void Of_Nothing_IsNull() => Assert.Null(Percentile.Of<double>([], 0.5));

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    public void Of_ShareOutOfRange_Throws(double share) => Assert.Throws<ArgumentOutOfRangeException>(() => Percentile.Of([1], share));
}
