using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Penstock.Engine.Serving.Text;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Serving;

public sealed class ChoiceTextTests
{
    [Fact]
    public void Append_StopAcrossTokens_NothingOfItIsShown()
    {
        var text = Make(["<end>"], "a<", "e", "nd", ">b");
        Assert.Equal("a", Show(text.Append(0, null)));
        Assert.Equal(default, text.Append(1, null));
        Assert.Equal(default, text.Append(2, null));
        var last = text.Append(3, null);
        Assert.True(last.Stopped);
        Assert.Equal((0, 3, 0), (last.Text.Length, text.TrimmedTokens, text.WithheldTokens));
    }

    [Fact]
    public void Append_WithheldTextTurnsOutHarmless_IsReleasedWithItsTokens()
    {
        var text = Make(["<end>"], "<", "en", "x");
        Assert.Equal(0, text.Append(0, null).Tokens);
        Assert.Equal(0, text.Append(1, null).Tokens);
        var release = text.Append(2, null);
        Assert.Equal(("<enx", 3, false), (Show(release), release.Tokens, release.Stopped));
    }

    [Fact]
    public void Append_CharacterSplitOverTokens_HeldBackUntilWhole()
    {
        var bytes = Encoding.UTF8.GetBytes("€");
        var text = new ChoiceText(new ByteTokenizer(), new TextArena(new TextSegmentPool(1)), new StopPatterns([]), true, false);
        Assert.Equal(0, text.Append(bytes[0], null).Tokens);
        Assert.Equal(0, text.Append(bytes[1], null).Tokens);
        var release = text.Append(bytes[2], null);
        Assert.Equal(("€", 3), (Show(release), release.Tokens));
    }

    [Fact]
    public void Finish_IncompleteCharacter_IsReplaced()
    {
        var text = new ChoiceText(new ByteTokenizer(), new TextArena(new TextSegmentPool(1)), new StopPatterns(["zz"]), true, false);
        text.Append(0xE2, null);
        var release = text.Finish();
        Assert.Equal(("\uFFFD", 1), (Show(release), release.Tokens));
    }

    [Theory]
    [InlineData]
    [InlineData("zz")]
    [InlineData("b!", "€a!")]
    public void Release_LogProbs_SayHowManyCharactersWereCompleteBeforeTheToken(params string[] stops)
    {
        var text = new ChoiceText(new ByteTokenizer(), new TextArena(new TextSegmentPool(1)), new StopPatterns(stops), true, true);
        var releases = Encoding.UTF8.GetBytes("a€b").Append((byte)0xE2).Append((byte)'x')
            .Select(value => text.Append(value, new(value, new[] { value }, -1, []))).Append(text.Finish());

        Assert.Equal([0, 1, 1, 1, 2, 3, 3], releases.SelectMany(release => release.LogProbs ?? []).Select(logProb => logProb.TextOffset));
    }

    /// <summary>Short stop strings over two letters, cut into tokens in every way, against a search of the whole text byte by byte.</summary>
    [Fact]
    public void AnyTokensAndStops_AgainstNaiveSearch_SameTextAndCounts() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3000),
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => Compare(new Random(seed))));

    private static void Compare(Random random)
    {
        string[] pieces = ["", "a", "b", "é", "aé", ""];
        var tokens = Enumerable.Range(0, random.Next(1, 14)).Select(_ => Word(random, pieces, 0, 4)).ToArray();
        var stops = Enumerable.Range(0, random.Next(0, 4)).Select(_ => Word(random, pieces, 1, 4)).Where(stop => stop.Length > 0).ToArray();
        var whole = string.Concat(tokens);
        var (visible, end) = Naive(whole, stops);

        var text = Make(stops, tokens);
        var (shown, released, sampled, stopped) = ("", 0, 0, false);
        for (; sampled < tokens.Length && !stopped; sampled++)
        {
            var release = text.Append(sampled, null);
            Assert.StartsWith(shown += Show(release), visible, StringComparison.Ordinal);
            released += release.Tokens;
            stopped = release.Stopped;
        }

        if (!stopped)
        {
            var last = text.Finish();
            shown += Show(last);
            released += last.Tokens;
        }

        Assert.Equal(visible, shown);
        Assert.Equal(end is not null, stopped);
        Assert.Equal(sampled, released + text.TrimmedTokens + text.WithheldTokens);
        Assert.Equal(0, text.WithheldTokens);
        if (stopped)
            AssertTrimmed(tokens[..sampled], visible.Length, text.TrimmedTokens);
    }

    // Ends where the first stop string is completed; of those completed there, the longest.
    private static (string Visible, int? End) Naive(string whole, string[] stops)
    {
        for (var end = 1; end <= whole.Length; end++)
        {
            var found = stops.Where(stop => whole[..end].EndsWith(stop, StringComparison.Ordinal)).ToArray();
            if (found.Length > 0)
                return (whole[..(end - found.Max(stop => stop.Length))], end);
        }

        return (whole, null);
    }

    // Those that begin at or after the cut. One without text may have been settled before anything was withheld.
    private static void AssertTrimmed(string[] sampled, int cut, int trimmed)
    {
        var starts = sampled.Select((_, i) => sampled[..i].Sum(token => token.Length)).ToArray();
        var swallowed = sampled.Where((_, i) => starts[i] >= cut).ToArray();
        Assert.InRange(trimmed, swallowed.Count(token => token.Length > 0), swallowed.Length);
    }

    private static string Word(Random random, string[] pieces, int least, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(least, most)).Select(_ => pieces[random.Next(pieces.Length)]));

    private static ChoiceText Make(string[] stops, params string[] tokens) =>
        new(new WordTokenizer(tokens), new TextArena(new TextSegmentPool(4)), new StopPatterns(stops), true, false);

    private static string Show(TextRelease release) => Encoding.UTF8.GetString(release.Text.Span);
}
