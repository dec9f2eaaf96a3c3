using System.Text;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Tests.Text;

/// <summary>Patterns made to explode: each ends, within the compile's bounds, in a language or in an error that says which bound.</summary>
public sealed class HostilePatternTests
{
    [Theory]
    [InlineData("(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", true)]
    [InlineData("^(a*)*$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false)]
    [InlineData("^(a|a)*$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false)]
    [InlineData("^((a{1,100}){1,100}){1,100}$", "aaaaaaaa", true)]
    [InlineData(".{0,5000}x.{0,5000}", "abcx", true)]
    [InlineData("^.{0,5000}x.{0,5000}$", "abcxxxxxx\n", false)]
    [InlineData("^(.*,){20}end$", ",,,,,,,,,,,,,,,,,,,,end", true)]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("a.{30}b.{30}c", "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbaaaaaaaaaaaaaaabbbbbbbbbbb", false)]
    public void Pattern_MadeToBacktrack_IsAnsweredInFewStates(string pattern, string text, bool expected)
    {
        var pool = new LanguagePool(TextLimits.Default with { Nodes = 50_000 });
        Assert.Equal(expected, pool.Pattern(pattern).OrThrow().Matches(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData(60_000, "longer", "(", "a", ")")]
    [InlineData(10_000, "nested", "(", "a", ")")]
    [InlineData(10_000, "nested", "(?=", "a", ")")]
    [InlineData(2_000_000, "longer", "", "a", "x")]
    public void Pattern_TooLongOrTooDeep_IsRefused(int times, string kind, string before, string middle, string after)
    {
        var pattern = string.Concat(Enumerable.Repeat(before, times)) + middle + string.Concat(Enumerable.Repeat(after, times));
        var error = new LanguagePool(TextLimits.Default).Pattern(pattern).Error;
        Assert.NotNull(error);
        Assert.Contains(kind == "nested" ? "nested more than" : "are the most", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pattern_LongRunsOfOptionalParts_EndsInABound()
    {
        foreach (var part in (ReadOnlySpan<string>)["a?", "(ab)?", "(a|bc)*", "[ab]?c?"])
        {
            var pattern = string.Concat(Enumerable.Repeat(part, 60_000 / part.Length));
            AssertEnds(pool =>
            {
                var language = pool.Pattern($"^{pattern}$").OrThrow();
                Assert.False(language.Matches("abcd"u8));
            });
        }
    }

    [Fact]
    public void And_ProductsThatExplode_EndsInABound() => AssertEnds(static pool =>
    {
        var language = pool.All;
        foreach (var prime in (ReadOnlySpan<int>)[7, 11, 13, 17, 19, 23, 29])
            language = pool.And(language, pool.Pattern($"^(a{{{prime}}})+$").OrThrow());

        Assert.False(language.IsEmpty);
    });

    [Fact]
    public void Deadline_Passed_EndsTheCompile()
    {
        var pool = new LanguagePool(TextLimits.Default) { Deadline = new ConstraintDeadline(TimeProvider.System, TimeSpan.Zero) };
        var limit = Assert.Throws<ConstraintLimitException>(() => pool.Pattern(@"^[a-z]{3,900}(foo|bar|[^x]{7,8})*\w\s\d.{3,4}(ab?c*d+){2,9}(e|fg|hij|klmn){3}(op|qrs){1,7}$").OrThrow().IsEmpty);
        Assert.Equal(ConstraintBound.Time, limit.Bound);
    }

    private static void AssertEnds(Action<LanguagePool> use)
    {
        try
        {
            use(new LanguagePool(TextLimits.Default with { Nodes = 200_000, SearchedStates = 5_000 }));
        }
        catch (ConstraintLimitException limit)
        {
            Assert.NotEqual(ConstraintBound.Time, limit.Bound);
        }
    }
}
