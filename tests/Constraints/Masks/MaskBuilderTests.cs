using System.Text;
using Penstock.Constraints.Masks;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;
using Penstock.Tests.Support;

namespace Penstock.Constraints.Tests.Masks;

public sealed class MaskBuilderTests
{
    private static readonly string[] Known = ["name", "namespace", "id", "type", "title", "e"];

    public static TheoryData<int, int> Limits => new() { { 0, QuotedName.Unbounded }, { 0, 3 }, { 2, 6 }, { 1, 20 }, { 0, 0 }, { 30, 40 } };

    [Theory]
    [MemberData(nameof(Limits))]
    public void MaskOf_RandomVocabulary_AllowsExactlyWhatCanBeStepped(int least, int most)
    {
        var random = new Random(7);
        var vocabulary = new VocabularyTrie(new VocabularyOfStrings([.. Enumerable.Range(0, 3000).Select(_ => Piece(random)).Where(piece => piece.Length > 0)]));
        AssertExact(vocabulary, new QuotedName(Known, least, most), random, walks: 12);
    }

    [Theory]
    [InlineData("deepseek-llm")]
    [InlineData("llama-spm")]
    [InlineData("falcon")]
    public void MaskOf_RealVocabulary_AllowsExactlyWhatCanBeStepped(string name)
    {
        var vocabulary = Load(name);
        var random = new Random(11);
        AssertExact(vocabulary, new QuotedName(Known, 0, QuotedName.Unbounded), random, walks: 2);
        AssertExact(vocabulary, new QuotedName(Known, 2, 12), random, walks: 2);
    }

    [Fact]
    public void MaskOf_LoopThatTheVocabularyKnows_StepsThroughAFewRemaindersOnly()
    {
        var vocabulary = Load("deepseek-llm");
        _ = new MaskBuilder(vocabulary).MaskOf(InName(new QuotedName(Known, 0, QuotedName.Unbounded), "\"x"));

        var names = new QuotedName(Known, 0, QuotedName.Unbounded);
        var state = InName(names, "\"x");
        var before = names.Steps;
        var mask = new MaskBuilder(vocabulary).MaskOf(state);
        Assert.True(mask.Count > 50_000);
        Assert.InRange(names.Steps - before, 1, 10_000);

        // A known name's start is put right where it leads elsewhere.
        state = InName(names, "\"na");
        before = names.Steps;
        Assert.True(new MaskBuilder(vocabulary).MaskOf(state).Count > 50_000);
        Assert.InRange(names.Steps - before, 1, 20_000);
    }

    [Fact]
    public void MaskOf_SameState_GivesTheSameMaskWithoutAllocating()
    {
        var builder = new MaskBuilder(new VocabularyTrie(VocabularyOfStrings.Of("a", "\"", "\":o")));
        var state = new QuotedName([], 0, QuotedName.Unbounded).Start;
        var first = builder.MaskOf(state);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var second = builder.MaskOf(state);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Same(first, second);
    }

    [Fact]
    public void MaskOf_MoreStatesThanMemory_ForgetsAndGivesTheSameAgain()
    {
        var builder = new MaskBuilder(new VocabularyTrie(VocabularyOfStrings.Of("a", "\"", "é")), memoBytes: 2000);
        var names = new QuotedName([], 0, 200);
        var states = Enumerable.Range(0, 100).Select(length => InName(names, "\"" + new string('a', length))).ToArray();
        var first = states.Select(state => builder.MaskOf(state).Count).ToArray();
        Assert.Equal(first, states.Select(state => builder.MaskOf(state).Count));
    }

    [Fact]
    public void MaskOf_AcceptingState_AllowsTheEndAlone()
    {
        var tokenizer = VocabularyOfStrings.Of("\"", "o", ":");
        var builder = new MaskBuilder(new VocabularyTrie(tokenizer));
        var names = new QuotedName([], 0, 5);
        Assert.False(builder.MaskOf(names.Start)[tokenizer.End]);
        var end = builder.MaskOf(InName(names, "\"\":o"));
        Assert.True(end[tokenizer.End]);
        Assert.Equal(1, end.Count);
    }

    private static void AssertExact(VocabularyTrie vocabulary, QuotedName names, Random random, int walks)
    {
        var builder = new MaskBuilder(vocabulary);
        for (var walk = 0; walk < walks; walk++)
        {
            var state = names.Start;
            for (var step = 0; step < 6 && state is not null; step++)
            {
                var mask = builder.MaskOf(state);
                var allowed = new List<int>();
                for (var token = 0; token < vocabulary.VocabularySize; token++)
                {
                    var expected = vocabulary.EndTokens.Contains(token) ? state.IsAccepting : Bytes(vocabulary, token).Length > 0 && Follow(state, Bytes(vocabulary, token)) is not null;
                    Assert.True(expected == mask[token], $"token {token} '{Encoding.UTF8.GetString(Bytes(vocabulary, token))}' after {step} tokens: expected {expected}");
                    if (expected && !vocabulary.EndTokens.Contains(token))
                        allowed.Add(token);
                }

                state = allowed.Count == 0 ? null : Follow(state, Bytes(vocabulary, allowed[random.Next(allowed.Count)]));
            }
        }
    }

    private static ReadOnlySpan<byte> Bytes(VocabularyTrie vocabulary, int token) => vocabulary.Tokenizer.Bytes(token);

    private static ConstraintState InName(QuotedName names, string text) => Follow(names.Start, Encoding.UTF8.GetBytes(text))!;

    private static ConstraintState? Follow(ConstraintState? state, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            state = state?.Step(value);
        return state;
    }

    private static VocabularyTrie Load(string name)
    {
        using var file = GgufFile.Open(TestData.Path("vocab", $"ggml-vocab-{name}.gguf"));
        return new VocabularyTrie(TokenizerFactory.FromGguf(file));
    }

    // Letters of the known names, what leaves a name, whole and cut characters, and bytes that no text has.
    private static byte[] Piece(Random random)
    {
        string[] parts = ["n", "a", "na", "me", "e", "s", "id", "t", "x", "Z", " ", "0", "\"", "\":", ":", "o", "\\", "\\n", "\\\"", "\n", "é", "語", "🙂"];
        var bytes = new List<byte>();
        for (var count = random.Next(1, 5); count > 0; count--)
            bytes.AddRange(random.Next(12) == 0 ? [(byte)random.Next(256)] : Encoding.UTF8.GetBytes(parts[random.Next(parts.Length)]));
        var from = random.Next(4) == 0 ? random.Next(bytes.Count) : 0;
        return [.. bytes[from..^(random.Next(4) == 0 ? random.Next(bytes.Count - from) : 0)]];
    }
}
