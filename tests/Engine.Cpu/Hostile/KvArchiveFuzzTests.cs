using System.Buffers;
using System.Buffers.Binary;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Tests.Support;

namespace Penstock.Engine.Cpu.Tests.Hostile;

/// <summary>Saved KV that was damaged: not one bit of it is taken, and no block is lost. <c>PENSTOCK_FUZZ</c> plays more.</summary>
public sealed class KvArchiveFuzzTests
{
    private const int Share = 20_000;
    private const int Tokens = 37;

    [Fact]
    public void Restore_Damaged_IsNotCompatible()
    {
        using var model = new TinyModel();
        using var runner = model.Load(kvTokens: 128, maxSequences: 4);
        var tokens = RunnerSteps.Tokens(Tokens, seed: 1);
        var expected = runner.Prefill(0, [.. tokens, 5], 64);
        runner.Kv.Truncate(0, Tokens);
        var buffer = new ArrayBufferWriter<byte>();
        runner.Kv.Save(0, buffer);
        var saved = buffer.WrittenSpan.ToArray();
        var free = runner.Kv.FreeBlocks;
        var random = new Random(1);
        for (var i = LongRun.Count("PENSTOCK_FUZZ", Share); i > 0; i--)
        {
            var damaged = Damage(saved, random);
            if (damaged.AsSpan().SequenceEqual(saved))
                continue;
            Assert.Equal(KvRestoreOutcome.NotCompatible, runner.Kv.Restore(1, damaged));
            Assert.Equal((free, 0), (runner.Kv.FreeBlocks, runner.Kv.Length(1)));
        }

        runner.Kv.Release(0);
        Assert.Equal(KvRestoreOutcome.Restored, runner.Kv.Restore(1, saved));
        RunnerSteps.AssertSameBits(expected, runner.Extend(1, 5), "restored");
    }

    private static byte[] Damage(byte[] saved, Random random)
    {
        var bytes = (byte[])saved.Clone();
        var at = random.Next(2) == 0 ? random.Next(32) : random.Next(bytes.Length);
        switch (random.Next(6))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                // The length, with every value that could overflow what is made of it.
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), ((int[])[int.MinValue, -1, 0, 1, Tokens + 1, Tokens + 16, int.MaxValue, int.MaxValue - 15, 1 << 27])[random.Next(9)]);
                return bytes;
            case 3:
                return bytes[..random.Next(bytes.Length)];
            case 4:
                return [.. bytes, .. new byte[random.Next(1, 9000)]];
            default:
                var other = random.Next(bytes.Length);
                (bytes[at], bytes[other]) = (bytes[other], bytes[at]);
                return bytes;
        }
    }
}
