using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Tests.Json.Shapes;

public sealed class ExactDecimalTests
{
    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("100", "1e2")]
    [InlineData("0", "-0.00e5")]
    [InlineData("0.1", "10E-2")]
    [InlineData("12345678901234567890123456789", "1.2345678901234567890123456789e28")]
    public void TryParse_SpellingsOfOneValue_AreEqual(string one, string other) => Assert.Equal(Parse(one), Parse(other));

    [Fact]
    public void New_MantissaWithZeros_IsTheNumberWithoutThem()
    {
        foreach (var mantissa in (BigInteger[])[1, -2, 7, 12345, long.MaxValue, long.MinValue, (BigInteger)long.MaxValue * 11])
        {
            for (var zeros = 0; zeros <= 45; zeros++)
            {
                var value = new ExactDecimal(mantissa * BigInteger.Pow(10, zeros), 3 - zeros);
                Assert.Equal(new ExactDecimal(mantissa, 3), value);
                Assert.Equal(mantissa * BigInteger.Pow(10, zeros), value.At(3 - zeros));
                Assert.Equal(mantissa.Sign, value.CompareTo(new ExactDecimal(0, 0)));
            }
        }
    }

    [Theory]
    [InlineData("1e999999999999")]
    [InlineData("1e5001")]
    [InlineData("1e")]
    public void TryParse_BeyondTheBounds_IsFalse(string text) => Assert.False(ExactDecimal.TryParse(text, out _));

    [Theory]
    [InlineData("0.0075", "0.0001", true)]
    [InlineData("0.00751", "0.0001", false)]
    [InlineData("1e308", "0.5", true)]
    [InlineData("-4.5", "1.5", true)]
    public void IsMultipleOf_Decimals_IsExact(string value, string divisor, bool expected) => Assert.Equal(expected, Parse(value).IsMultipleOf(Parse(divisor)));

    [Theory]
    [InlineData("0.2", "0.3", "0.6")]
    [InlineData("4", "6", "12")]
    [InlineData("1", "0.25", "1")]
    public void LeastCommonMultiple_Decimals_IsExact(string a, string b, string expected) =>
        Assert.Equal(Parse(expected), ExactDecimal.LeastCommonMultiple(Parse(a), Parse(b)));

    [Fact]
    public void ToString_AnyDecimal_ReadsBackAndOrdersAsDecimals()
    {
        var numbers = ArbMap.Default.GeneratorFor<decimal>();
        Prop.ForAll(numbers.Zip(numbers, (a, b) => (A: a, B: b)).ToArbitrary(), pair =>
        {
            var (a, b) = (Parse(pair.A.ToString(CultureInfo.InvariantCulture)), Parse(pair.B.ToString(CultureInfo.InvariantCulture)));
            return Parse(a.ToString()) == a && Math.Sign(a.CompareTo(b)) == pair.A.CompareTo(pair.B);
        }).QuickCheckThrowOnFailure();
    }

    private static ExactDecimal Parse(string text)
    {
        Assert.True(ExactDecimal.TryParse(text, out var value));
        return value;
    }
}
