using System.Buffers;
using Penstock.Engine.Llama.Running;
using Penstock.Engine.Llama.Tests.Support;
using Penstock.Engine.Running;

namespace Penstock.Engine.Llama.Tests.Running;

/// <summary>The block pool keeps the books of cells that the library manages by itself: what the books allow must always fit.</summary>
public class CellBooksTests
{
    // 16 blocks of 16: exactly the 256 cells that the library has at least, so a cell too many is found.
    private const int Blocks = 16;
    private const int Sequences = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomSchedule_WhatIsReserved_AlwaysFitsTheCells(int seed)
    {
        using var model = new TinyModel();
        using var runner = model.Load(kvTokens: Blocks * 16, maxSequences: Sequences);
        var (kv, random) = (runner.Kv, new Random(seed));
        var saved = new ArrayBufferWriter<byte>();
        var (steps, refused) = (0, 0);
        for (var turn = 0; turn < 1500; turn++)
        {
            var (sequence, other) = (random.Next(Sequences), random.Next(Sequences));
            switch (random.Next(8))
            {
                case 0:
                    kv.Truncate(sequence, random.Next(kv.Length(sequence) + 1));
                    break;
                case 1 when turn % 3 == 0:
                    kv.Release(sequence);
                    break;
                case 2 when sequence != other:
                    // The other keeps some whole blocks of its own, where it has any.
                    var from = Math.Min(kv.Length(sequence), random.Next(kv.Length(other) + 1)) / kv.BlockTokens * kv.BlockTokens;
                    kv.Truncate(other, from);
                    kv.Share(sequence, other, from, random.Next(from, kv.Length(sequence) + 1));
                    break;
                case 3 when kv.Length(sequence) > 0:
                    saved.Clear();
                    kv.Save(sequence, saved);
                    kv.Release(other);
                    Assert.NotEqual(KvRestoreOutcome.NotCompatible, kv.Restore(other, saved.WrittenSpan));
                    break;
                default:
                    if (Grow(runner, random))
                        steps++;
                    else
                        refused++;
                    break;
            }
        }

        Assert.True(steps > 300 && refused > 20, $"The schedule has {steps} steps and {refused} refusals: too tame.");
    }

    private static bool Grow(LlamaModelRunner runner, Random random)
    {
        var batch = new StepBatch();
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            var length = runner.Kv.Length(sequence);
            var count = random.Next(3) switch { 0 => 0, 1 => 1, _ => random.Next(1, 15) };
            if (count > 0 && length + count <= runner.Capabilities.ContextLength && runner.Kv.TryReserve(sequence, length + count))
                batch.Add(sequence, length, [.. Enumerable.Range(0, count).Select(_ => random.Next(512))], (SliceOutput)random.Next(4));
        }

        if (batch.Rows == 0)
            return false;

        Assert.Equal(StepOutcome.Completed, runner.Run(batch, new AbortSignal()));
        return true;
    }
}
