using System.Text;
using Penstock.Constraints.Masks;

namespace Penstock.Constraints.Tests.Masks;

public sealed class ConstraintCursorTests
{
    private static readonly string[] Pieces = ["\"", ":", "o", "n", "a", "na", "name", "\":", "\":o", "x", "é", " ", "\\", "\"na"];

    [Fact]
    public void Take_AnyBudgetThatHoldsTheEnding_EndsInTime()
    {
        var tokenizer = VocabularyOfStrings.Of(Pieces);
        var vocabulary = new VocabularyTrie(tokenizer);
        var random = new Random(5);
        for (var round = 0; round < 400; round++)
        {
            var masks = new MaskBuilder(vocabulary);
            var cursor = new ConstraintCursor(new QuotedName(["name"], random.Next(4), 4 + random.Next(6)).Start, masks);
            var budget = cursor.EndingTokens + random.Next(6);
            var text = new StringBuilder();
            for (var left = budget; left > 0 && !cursor.IsComplete; left--)
            {
                Assert.True(cursor.EndingTokens <= left);
                var allowed = Enumerable.Range(0, tokenizer.End).Where(token => cursor.Mask[token]).ToArray();
                var token = cursor.Take(allowed[random.Next(allowed.Length)], left);
                text.Append(Pieces[token]);
            }

            Assert.True(cursor.IsAccepting, text.ToString());
        }
    }

    [Fact]
    public void Take_TokenThatTheStateRefuses_ChangesNothing()
    {
        var tokenizer = VocabularyOfStrings.Of(Pieces);
        var cursor = new ConstraintCursor(new QuotedName([], 0, 5).Start, new MaskBuilder(new VocabularyTrie(tokenizer)));
        var before = cursor.Mask;
        Assert.Equal(ConstraintCursor.Refused, cursor.Take(tokenizer.IdOf("x"), 10));
        Assert.Same(before, cursor.Mask);
    }

    [Fact]
    public void Take_TextThatIsWholeAndCouldGoOnTooLong_EndsWithoutAToken()
    {
        var tokenizer = VocabularyOfStrings.Of("a", "b", "c");
        var cursor = new ConstraintCursor(new OptionalTail("a"u8.ToArray(), "bc"u8.ToArray()), new MaskBuilder(new VocabularyTrie(tokenizer)));
        Assert.Equal(tokenizer.IdOf("a"), cursor.Take(tokenizer.IdOf("a"), 2));
        Assert.True(cursor.Mask[tokenizer.IdOf("b")]);
        Assert.Equal(ConstraintCursor.NoToken, cursor.Take(tokenizer.IdOf("b"), 1));
        Assert.True(cursor.IsEnding);
        Assert.True(cursor.IsComplete);
    }

    [Fact]
    public void IsStuck_VocabularyThatCannotSpellTheText_SaysSo()
    {
        var cursor = new ConstraintCursor(new QuotedName([], 0, 5).Start, new MaskBuilder(new VocabularyTrie(VocabularyOfStrings.Of("a", "b"))));
        Assert.True(cursor.IsStuck);
        Assert.False(cursor.IsComplete);
        Assert.Equal(int.MaxValue, cursor.EndingTokens);
    }

    [Fact]
    public void Mask_TextWhoseFirstSpaceIsDropped_AllowsOneSpaceInFront()
    {
        var tokenizer = VocabularyOfStrings.Of(" \"", "\"", "  \"", ":", "o", " ");
        var masks = new MaskBuilder(new VocabularyTrie(tokenizer));
        var start = new QuotedName([], 0, 5).Start;
        Assert.False(new ConstraintCursor(start, masks).Mask[tokenizer.IdOf(" \"")]);
        var cursor = new ConstraintCursor(start, masks, stripsLeadingSpace: true);
        Assert.True(cursor.Mask[tokenizer.IdOf(" \"")]);
        Assert.True(cursor.Mask[tokenizer.IdOf("\"")]);
        Assert.False(cursor.Mask[tokenizer.IdOf("  \"")]);
        Assert.Same(cursor.Mask, new ConstraintCursor(start, masks, stripsLeadingSpace: true).Mask);
    }

    [Fact]
    public void Mask_ControlToken_IsAllowedOnlyWhereItIsShown()
    {
        var tokenizer = VocabularyOfStrings.Of("<", "c");
        var hidden = new ConstraintCursor(new OptionalTail("<control>"u8.ToArray(), []), new MaskBuilder(new VocabularyTrie(tokenizer)));
        Assert.False(hidden.Mask[tokenizer.Control]);
        var shown = new ConstraintCursor(new OptionalTail("<control>"u8.ToArray(), []), new MaskBuilder(new VocabularyTrie(tokenizer, new HashSet<int> { tokenizer.Control })));
        Assert.True(shown.Mask[tokenizer.Control]);
        Assert.Equal(tokenizer.Control, shown.Take(tokenizer.Control, 5));
        Assert.True(shown.IsComplete);
    }

    [Fact]
    public void Forced_OneTextOnly_GivesTheTokenizersOwnTokensButForTheOpenEnd()
    {
        var tokenizer = VocabularyOfStrings.Of([.. Pieces, "A", "1", "_", "."]);
        var cursor = new ConstraintCursor(new OptionalTail("name\":o"u8.ToArray(), "x"u8.ToArray()), new MaskBuilder(new VocabularyTrie(tokenizer)));
        var forced = cursor.Forced(10).ToArray();
        Assert.Equal([tokenizer.IdOf("name"), tokenizer.IdOf("\":o")], forced);
        foreach (var token in forced)
            Assert.Equal(token, cursor.Take(token, 10));
        Assert.Empty(cursor.Forced(10).ToArray());
    }

    [Fact]
    public void Forced_RunThatMayGoOnWithinAToken_KeepsItsLastTokensBack()
    {
        var tokenizer = VocabularyOfStrings.Of([.. Pieces, "A", "1", "_", ".", "naa"]);
        var cursor = new ConstraintCursor(new OptionalTail("xna"u8.ToArray(), "a"u8.ToArray()), new MaskBuilder(new VocabularyTrie(tokenizer)));
        Assert.Equal([tokenizer.IdOf("x")], cursor.Forced(10).ToArray());
    }
}
