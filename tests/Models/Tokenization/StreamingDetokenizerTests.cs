using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Penstock.Models.Tokenization;

namespace Penstock.Models.Tests.Tokenization;

public sealed class StreamingDetokenizerTests
{
    [Fact]
    public void Write_CharacterSplitOverTokens_IsHeldBackUntilWhole()
    {
        var detokenizer = new StreamingDetokenizer(new VocabularyOfBytes(false, [0xF0, 0x9F], [0xA6], [0x99, (byte)'!']), startsText: true);
        Span<byte> output = stackalloc byte[64];

        Assert.Equal(0, detokenizer.Write(0, output));
        Assert.Equal(0, detokenizer.Write(1, output));
        Assert.Equal(3, detokenizer.HeldBytes);
        var written = detokenizer.Write(2, output);

        Assert.Equal("🦙!", Encoding.UTF8.GetString(output[..written]));
        Assert.Equal(0, detokenizer.HeldBytes);
    }

    [Fact]
    public void Write_BytesThatCannotBecomeACharacter_AreReplacedAtOnce()
    {
        var detokenizer = new StreamingDetokenizer(new VocabularyOfBytes(false, [0xE2, 0x82], [(byte)'a']), startsText: true);
        Span<byte> output = stackalloc byte[64];

        Assert.Equal(0, detokenizer.Write(0, output));
        var written = detokenizer.Write(1, output);

        Assert.Equal("\uFFFDa", Encoding.UTF8.GetString(output[..written]));
    }

    [Fact]
    public void Flush_IncompleteCharacter_IsReplaced()
    {
        var detokenizer = new StreamingDetokenizer(new VocabularyOfBytes(false, [0xF0, 0x9F, 0xA6]), startsText: true);
        Span<byte> output = stackalloc byte[64];
        detokenizer.Write(0, output);

        var written = detokenizer.Flush(output);

        Assert.Equal("\uFFFD", Encoding.UTF8.GetString(output[..written]));
        Assert.Equal(0, detokenizer.Flush(output));
    }

    [Theory]
    [InlineData(true, true, "a a")]
    [InlineData(true, false, " a a")]
    [InlineData(false, true, " a a")]
    public void Write_FirstTokenWithASpace_IsStrippedOnlyWhereATextOfSuchAVocabularyStarts(bool strips, bool startsText, string expected)
    {
        var detokenizer = new StreamingDetokenizer(new VocabularyOfBytes(strips, " a"u8.ToArray()), startsText);
        Span<byte> output = stackalloc byte[64];

        var written = detokenizer.Write(0, output);
        written += detokenizer.Write(0, output[written..]);

        Assert.Equal(expected, Encoding.UTF8.GetString(output[..written]));
    }

    [Fact]
    public void Write_AnyBytesCutAnywhere_GivesWhatAWholeDecoderGives() => Prop.ForAll<byte[][]>(pieces =>
    {
        pieces = [.. pieces.Select(piece => piece.Select(Interesting).ToArray())];
        var tokenizer = new VocabularyOfBytes(false, pieces);
        var detokenizer = new StreamingDetokenizer(tokenizer, startsText: true);
        var output = new List<byte>();
        for (var token = 0; token < pieces.Length; token++)
        {
            var buffer = new byte[detokenizer.MaxBytes(token)];
            var part = buffer[..detokenizer.Write(token, buffer)];
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(part);
            output.AddRange(part);
        }

        var rest = new byte[9];
        output.AddRange(rest[..detokenizer.Flush(rest)]);
        return Encoding.UTF8.GetString([.. pieces.SelectMany(piece => piece)]) == Encoding.UTF8.GetString([.. output]);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Write_ManyTokens_AllocatesNothing()
    {
        var detokenizer = new StreamingDetokenizer(new VocabularyOfBytes(false, [0xF0, 0x9F], [0xA6, 0x99], [0xFF], " word"u8.ToArray()), startsText: true);
        Span<byte> output = stackalloc byte[64];
        Run(output);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(output);
        var after = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(0, after - before);

        void Run(Span<byte> destination)
        {
            for (var i = 0; i < 10_000; i++)
                detokenizer.Write(i % 4, destination);
        }
    }

    /// <summary>Bytes that begin, continue and break characters are frequent, so that all paths meet.</summary>
    private static byte Interesting(byte value) => value < 128 ? value : new byte[] { 0x80, 0xBF, 0xA0, 0x9F, 0xC2, 0xC0, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF, 0x90, 0x8F }[value & 15];
}
