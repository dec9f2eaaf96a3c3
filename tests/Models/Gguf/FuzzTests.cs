using Penstock.Models.Adapters;
using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Models.Tests.Gguf.Fuzzing;
using Penstock.Models.Tokenization;
using Penstock.Tests.Support;
using Penstock.Tests.Support.Gguf;

namespace Penstock.Models.Tests.Gguf;

/// <summary>
/// Whatever the bytes: a file opens and everything in it reads within its bounds, or a <see cref="GgufException"/> says why not. The reader copies by offsets that it
/// has checked into spans, so a read outside would be another exception and fail here. <c>PENSTOCK_FUZZ=1000000</c> plays so many mutations.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private const int Share = 20_000;
    private const int Seeds = 4;

    // Objects for each item of the header, the tokenizer's tables and the tensors' copies; a count that was believed would take gigabytes.
    private const int AllocationForAByte = 100;
    private const int AllocationAtLeast = 2 << 20;

    private readonly TemporaryFolder folder = new();
    private readonly IReadOnlyList<byte[]> files;

    public FuzzTests() => files = FuzzBases.Make(folder);

    public static TheoryData<int> SeedData => [.. Enumerable.Range(1, Seeds)];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Open_CutAtEveryLength_RefusesAllButLostPadding()
    {
        foreach (var file in files)
        {
            var (end, header) = (DataEnd(file), GgufFields.Of(file).HeaderEnd);
            File.WriteAllBytes(folder.File("mutant.gguf"), file);
            for (var length = file.Length; length >= 0; length -= length > header + 64 ? 61 : 1)
            {
                using (var stream = File.OpenWrite(folder.File("mutant.gguf")))
                    stream.SetLength(length);
                Assert.Equal(length >= end, Opens());
            }
        }
    }

    [Theory]
    [MemberData(nameof(SeedData))]
    public void Open_RandomMutations_OnlyGgufExceptions(int seed)
    {
        var mutations = LongRun.Count("PENSTOCK_FUZZ", Share) / Seeds;
        var mutator = new GgufMutator(files, seed);
        var whole = new int[files.Count];
        var opened = 0;
        for (var i = 0; i < mutations; i++)
        {
            var bytes = mutator.Next();
            try
            {
                File.WriteAllBytes(folder.File("mutant.gguf"), bytes);
                opened += Opens() ? 1 : 0;
                whole[mutator.Base] += Reads() ? 1 : 0;
            }
            catch (Exception error) when (error is not GgufException)
            {
                throw new InvalidOperationException($"Mutation {i} of seed {seed}, of base {mutator.Base}, {bytes.Length} bytes.", error);
            }
        }

        // Mutations that hit weights or texts are harmless; if none or all of them passed, this would test nothing.
        Assert.InRange(opened, mutations / 20, mutations * 9 / 10);
        Assert.All(whole.Skip(1), count => Assert.True(count > mutations / files.Count / 50, string.Join(' ', whole)));
        TestContext.Current.TestOutputHelper!.WriteLine($"{mutations} mutations of seed {seed}: {opened} opened, {whole.Sum()} read as a whole model or adapter.");
    }

    private long DataEnd(byte[] bytes)
    {
        File.WriteAllBytes(folder.File("mutant.gguf"), bytes);
        using var file = GgufFile.Open(folder.File("mutant.gguf"));
        return file.Tensors.Max(tensor => tensor.Offset + tensor.ByteLength);
    }

    private bool Opens()
    {
        var path = folder.File("mutant.gguf");
        return Bounded(new FileInfo(path).Length, () =>
        {
            using var file = GgufFile.Open(path);
            foreach (var tensor in file.Tensors)
                file.Read(tensor, 0, new byte[tensor.ByteLength]);
        });
    }

    /// <summary>Whether the mutant in the folder is all that it says it is: a model with its vocabulary, or an adapter.</summary>
    private bool Reads()
    {
        var path = folder.File("mutant.gguf");
        return Bounded(new FileInfo(path).Length, () =>
        {
            using var file = GgufFile.Open(path);
            if (LoraFile.IsAdapter(file))
            {
                using var adapter = LoraFile.Of(file);
                foreach (var pair in adapter.Pairs)
                    _ = adapter.Read(pair.A).Length + adapter.Read(pair.B).Length;
                return;
            }

            ModelDescription.From(file);
            Speak(TokenizerFactory.FromGguf(file));
        });
    }

    private static void Speak(ITokenizer tokenizer)
    {
        var tokens = new List<int>();
        tokenizer.Encode("a ab <|im_start|>é\u0001 12", tokens, addSpecial: true, parseSpecial: true);
        Assert.All(tokens, token => Assert.InRange(token, 0, tokenizer.VocabularySize - 1));
        foreach (var token in tokens)
            _ = tokenizer.Bytes(token, special: true).Length + (tokenizer.EndsGeneration(token) ? 1 : 0);
        if (tokenizer is { EosToken: { } eos })
            Assert.InRange(eos, 0, tokenizer.VocabularySize - 1);
        if (tokenizer is { BosToken: { } bos })
            Assert.InRange(bos, 0, tokenizer.VocabularySize - 1);
    }

    private static bool Bounded(long length, Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            work();
            return true;
        }
        catch (GgufException)
        {
            return false;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationAtLeast + (length * AllocationForAByte));
        }
    }
}
