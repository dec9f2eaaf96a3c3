using System.Buffers.Binary;
using Penstock.Models.Description;
using Penstock.Models.Gguf;

namespace Penstock.Models.Tests.Gguf;

/// <summary>Whatever the bytes: a file opens and reads within its bounds, or a <see cref="GgufException"/> says why not.</summary>
public sealed class FuzzTests : IDisposable
{
    private const int Mutations = 2_500;

    // The reader's buffer, the metadata objects and the exception of a 2 kB file; a count that was believed would take far more.
    private const long AllocationBound = 1 << 20;

    private static readonly ulong[] Extremes =
        [0, 1, 31, 33, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000, long.MaxValue, 1UL << 63, ulong.MaxValue, ulong.MaxValue - 31, 1UL << 60, 1UL << 40];

    private readonly TemporaryFolder folder = new();
    private readonly byte[] good;

    public FuzzTests()
    {
        SmallModelFile.Write(folder.File("good.gguf"));
        good = File.ReadAllBytes(folder.File("good.gguf"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Open_TruncatedAtEveryLength_RefusesAllButLostPadding()
    {
        var end = 0L;
        using (var file = GgufFile.Open(folder.File("good.gguf")))
            end = file.Tensors.Max(tensor => tensor.Offset + tensor.ByteLength);

        for (var length = 0; length < good.Length; length++)
            Assert.Equal(length >= end, Survives(good.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Open_RandomMutations_OnlyGgufExceptions(int seed)
    {
        var random = new System.Random(seed);
        var opened = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var bytes = Mutate(random);
            if (Survives(bytes))
                opened++;
        }

        // Mutations that hit weights or texts are harmless; if none or all of them opened, this would test nothing.
        Assert.InRange(opened, Mutations / 100, Mutations * 99 / 100);
    }

    private byte[] Mutate(System.Random random)
    {
        var bytes = (byte[])good.Clone();
        for (var edits = random.Next(1, 5); edits > 0; edits--)
        {
            var at = random.Next(bytes.Length - 8);
            switch (random.Next(5))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)Extremes[random.Next(Extremes.Length)]); break;
                case 3: BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), Extremes[random.Next(Extremes.Length)]); break;
                default: bytes = [.. bytes[..at], .. bytes[(at + random.Next(1, 8))..], 0, 0, 0, 0, 0, 0, 0, 0, 0]; break;
            }
        }

        return bytes;
    }

    private bool Survives(ReadOnlySpan<byte> bytes)
    {
        var path = folder.File("mutant.gguf");
        File.WriteAllBytes(path, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var file = GgufFile.Open(path);
            foreach (var tensor in file.Tensors)
                file.Read(tensor, 0, new byte[tensor.ByteLength]);
            ModelDescription.From(file);
            return true;
        }
        catch (GgufException error)
        {
            return error.Problem.StartsWith("the metadata key llama.", StringComparison.Ordinal);
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationBound);
        }
    }
}
