using System.Buffers;
using System.Text;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Tests.Text;

public sealed class LanguageTests
{
    private readonly LanguagePool pool = new(TextLimits.Default);

    [Fact]
    public void And_OfLanguageAndComplement_IsEmpty()
    {
        var words = Pattern("^[a-z]+$");
        Assert.True(pool.And(words, pool.Not(words)).IsEmpty);
        Assert.Same(pool.All, pool.Or(words, pool.Not(words)));
        Assert.Same(words, pool.Not(pool.Not(words)));
    }

    [Fact]
    public void IsEmpty_PatternsWithNothingInCommon_IsFound()
    {
        Assert.True(pool.And(Pattern("^a"), Pattern("^b")).IsEmpty);
        Assert.True(pool.And(Pattern("^(ab)*$"), Pattern("^(ba)+$")).IsEmpty);
        Assert.False(pool.And(Pattern("^(aa)*$"), Pattern("^(aaa)*$"), pool.Not(pool.Literal(""u8))).IsEmpty);
    }

    [Fact]
    public void Difference_OfAllAndFiveHundredNames_StaysSmall()
    {
        var names = Enumerable.Range(0, 500).Select(static n => Encoding.UTF8.GetBytes($"property{n}")).ToArray();
        var others = pool.Difference(pool.All, pool.AnyOf(names));
        Assert.All(names, name => Assert.False(others.Matches(name)));
        Assert.True(others.Matches("property"u8));
        Assert.True(others.Matches("property500"u8));
        Assert.Equal(long.MaxValue, others.Start.Count);
        Assert.Equal(500, pool.AnyOf(names).Start.Count);
    }

    [Fact]
    public void Not_OfAnything_HasValidUtf8Alone()
    {
        var other = pool.Not(pool.Literal("é"u8));
        Assert.False(other.Matches("é"u8));
        Assert.False(other.Matches([0xC3]));
        Assert.False(other.Matches([0xC3, 0xA9, 0xA9]));
        Assert.False(other.Matches([0xED, 0xA0, 0x80]));
        Assert.True(other.Matches("è"u8));
        Assert.Null(other.Start.Step(0xFF));
    }

    [Fact]
    public void WriteEnding_AcrossAnIntersection_WritesTheShortest()
    {
        var both = pool.And(Pattern("^(abc)*$"), Pattern("^.{7,}$"), Pattern("c$"));
        var state = both.Start;
        for (var expected = 9; expected > 0; expected--)
        {
            Assert.Equal(expected, state.EndingLength);
            var ending = new ArrayBufferWriter<byte>();
            state.WriteEnding(ending);
            Assert.Equal("abcabcabc"[(9 - expected)..], Encoding.UTF8.GetString(ending.WrittenSpan));
            Assert.Equal(expected, state.ShortestCharacters);
            state = state.Step(ending.WrittenSpan[0])!;
        }

        Assert.True(state.IsAccepting);
    }

    [Fact]
    public void Count_FiniteLanguages_IsTheNumberOfTexts()
    {
        Assert.Equal(26 + (26 * 26), Pattern("^[a-z]{1,2}$").Start.Count);
        Assert.Equal(3, Pattern("^(a|ab|abc|ab?)$").Start.Count);
        Assert.Equal(1, pool.And(Pattern("^a*$"), pool.Lengths(1000, 1000)).Start.Count);
        Assert.Equal(0x10FFFF + 1 - 2048, pool.Lengths(1, 1).Start.Count);
        Assert.Equal(long.MaxValue, pool.Lengths(0, 40).Start.Count);
        Assert.Equal(long.MaxValue, Pattern("a").Start.Count);
        Assert.Equal(2, pool.And(Pattern("^[ab]$"), pool.Not(pool.Literal("c"u8))).Start.Count);
    }

    [Fact]
    public void Measures_CountCodePoints()
    {
        var start = Pattern("^(é|😀){2,3}$").Start;
        Assert.Equal(2, start.ShortestCharacters);
        Assert.Equal(3, start.LongestCharacters);
        Assert.Equal(4, start.EndingLength);
        Assert.Equal(1, start.Step("é"u8[0])!.ShortestCharacters);
        Assert.Equal(long.MaxValue, Pattern("^a*$").Start.LongestCharacters);
    }

    [Fact]
    public void Lengths_WithAClass_AreOneCount()
    {
        Assert.Same(Pattern("^[a-z]{1,63}$"), pool.And(Pattern("^[a-z]+$"), pool.Lengths(0, 63)));
        Assert.Same(Pattern("^(yes|no)$"), pool.And(Pattern("^(yes|no)$"), pool.Lengths(1, 5)));
        Assert.True(pool.And(Pattern("^(yes|no)$"), pool.Lengths(4, 5)).IsEmpty);
        Assert.Same(pool.None, pool.Lengths(3, 2));
    }

    [Fact]
    public void Loop_StatesThatTheirCharactersLeadBackTo_HasThoseCharacters()
    {
        var all = pool.All.Start;
        Assert.Equal(int.MaxValue, all.LoopLength);
        Assert.True(all.Loop.AllNonAscii);
        Assert.Equal(UInt128.MaxValue, all.Loop.Ascii);

        var word = Pattern(@"^\w+$").Start.Step((byte)'a')!;
        Assert.True(word.Loop.HasAscii((byte)'_'));
        Assert.False(word.Loop.HasAscii((byte)'-'));
        Assert.False(word.Loop.AllNonAscii);
        Assert.Equal(int.MaxValue, word.LoopLength);

        var counted = Pattern("^[^\"]{2,9}$").Start;
        Assert.Equal(9, counted.LoopLength);
        Assert.True(counted.Loop.AllNonAscii);
        Assert.Equal(0, pool.Literal("ab"u8).Start.LoopLength);
    }

    [Fact]
    public void Step_KnownState_AllocatesNothing()
    {
        var start = pool.And(Pattern("^[a-z-]+$"), pool.Not(Pattern("--"))).Start;
        Walk(start);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Walk(start);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Walk(TextState state)
    {
        foreach (var value in "well-known-and-walked-again"u8)
            state = state.Step(value)!;
    }

    private Language Pattern(string ecma) => pool.Pattern(ecma).OrThrow();
}
