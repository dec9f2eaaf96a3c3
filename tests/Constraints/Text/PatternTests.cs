using System.Text;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Tests.Text;

public sealed class PatternTests
{
    private readonly LanguagePool pool = new(TextLimits.Default);

    [Theory]
    [InlineData("b", "abc", true)]
    [InlineData("^b", "abc", false)]
    [InlineData("b$", "abc", false)]
    [InlineData("^abc$", "abc\n", false)]
    [InlineData("^a|b$", "xb", true)]
    [InlineData("^a|b$", "bx", false)]
    [InlineData("^(a|^b)$", "b", true)]
    [InlineData("x*^b", "b", true)]
    [InlineData("x*^b", "xb", false)]
    [InlineData("b$x*", "ab", true)]
    [InlineData("^$", "", true)]
    [InlineData("^.$", "\u2028", false)]
    [InlineData("^.$", "😀", true)]
    [InlineData("^[^a]$", "\n", true)]
    [InlineData("^[^]$", "\n", true)]
    [InlineData("[]", "a", false)]
    [InlineData(@"^\d$", "٠", false)]
    [InlineData(@"^\D$", "٠", true)]
    [InlineData(@"^\w$", "é", false)]
    [InlineData(@"^\s$", "\ufeff", true)]
    [InlineData(@"^\S$", "\u3000", false)]
    [InlineData(@"^\cC$", "\u0003", true)]
    [InlineData(@"^\x41\u0042\u{43}\0$", "ABC\0", true)]
    [InlineData(@"^\ud83d\ude00$", "😀", true)]
    [InlineData(@"^[\ud800-\udfff]$", "a", false)]
    [InlineData(@"^[\w-.]+$", "a-b.c", true)]
    [InlineData(@"^[a-z\-\]]+$", "a-]", true)]
    [InlineData(@"^\p{Lu}\p{Letter}+$", "Ünder", true)]
    [InlineData(@"^\P{L}$", "a", false)]
    [InlineData(@"^{a}$", "{a}", true)]
    [InlineData(@"^a{,2}$", "a{,2}", true)]
    [InlineData(@"^a{2,3}?$", "aa", true)]
    [InlineData(@"^a{2,3}$", "aaaa", false)]
    [InlineData(@"^(?:ab){2}$", "abab", true)]
    [InlineData(@"^(?<name>a)$", "a", true)]
    [InlineData(@"^(?!no).+$", "nothing", false)]
    [InlineData(@"^(?!no).+$", "now", false)]
    [InlineData(@"^(?!no).+$", "maybe", true)]
    [InlineData(@"^(?!no$).+$", "now", true)]
    [InlineData(@"^(?=.*\d)(?=.*[a-z]).{4,}$", "abc1", true)]
    [InlineData(@"^(?=.*\d)(?=.*[a-z]).{4,}$", "abcd", false)]
    [InlineData(@"^((?!mode).)*$", "a mood", true)]
    [InlineData(@"^((?!mode).)*$", "a model", false)]
    [InlineData(@"^(a(?=b)|b)+$", "abab", true)]
    [InlineData(@"^(a(?=b)|b)+$", "aab", false)]
    [InlineData(@"\bcat\b", "a cat sat", true)]
    [InlineData(@"\bcat\b", "concatenate", false)]
    [InlineData(@"^\Bcat", "cat", false)]
    [InlineData(@"a\Bb", "ab", true)]
    public void Pattern_Text_MatchesAsInEcma262(string pattern, string text, bool expected) =>
        Assert.Equal(expected, pool.Pattern(pattern).OrThrow().Matches(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(@"(a)\1", "back-reference", 4)]
    [InlineData(@"\k<n>", "back-reference", 1)]
    [InlineData("x(?<=a)b", "look-behind", 2)]
    [InlineData("ab(", "unclosed (", 3)]
    [InlineData("ab)", "unmatched )", 3)]
    [InlineData("a[b", "unclosed [", 2)]
    [InlineData("[z-a]", "wrong way round", 2)]
    [InlineData("a**", "nothing to repeat", 3)]
    [InlineData("+a", "nothing to repeat", 1)]
    [InlineData("a{3,2}", "maximum is below its minimum", 1)]
    [InlineData(@"\a", "\\a", 1)]
    [InlineData(@"\p{Script=Greek}", "Script=Greek", 1)]
    [InlineData("(?i)a", "unknown kind", 1)]
    [InlineData("a\\", "backslash", 2)]
    public void Pattern_NotSupported_IsRefusedByNameAndPlace(string pattern, string what, int character)
    {
        var error = pool.Pattern(pattern).Error;
        Assert.NotNull(error);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains($"character {character};", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WholePattern_Text_MatchesFromFirstToLast()
    {
        var language = pool.WholePattern("a|bc").OrThrow();
        Assert.True(language.Matches("bc"u8));
        Assert.False(language.Matches("bcd"u8));
        Assert.Equal(2, language.Start.Count);
    }
}
