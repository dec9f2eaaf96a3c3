using System.Globalization;
using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Memory;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Tests.Memory;

/// <summary>Where weights lie, and what is asked before memory is taken.</summary>
public unsafe class WeightMemoryTests
{
    [Fact]
    public void Allocate_Twice_IsZeroedAlignedAndApart()
    {
        using var memory = new WeightMemory();
        byte* first = memory.Allocate(100), second = memory.Allocate(100);
        new Span<byte>(first, 100).Fill(1);
        Assert.Equal((0, 128), ((int)((nuint)first % 64), (int)(second - first)));
        Assert.False(new ReadOnlySpan<byte>(second, 100).ContainsAnyExcept((byte)0));
    }

    /// <summary>The kernel notes the advice in the flags of the mapping.</summary>
    [Fact]
    public void Allocate_OnLinux_AsksForHugePages()
    {
        Assert.SkipUnless(File.Exists("/proc/self/smaps") && File.Exists("/sys/kernel/mm/transparent_hugepage/enabled"), "Needs Linux with huge pages.");
        using var memory = new WeightMemory();
        var address = (ulong)memory.Allocate(3 * HugePages.Bytes);
        var (inside, flags) = (false, "");
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            var range = line.Split(' ')[0].Split('-');
            if (range.Length == 2 && ulong.TryParse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var start) && ulong.TryParse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var end))
                inside = start <= address && address < end;
            else if (inside && line.StartsWith("VmFlags:", StringComparison.Ordinal))
                flags = line;
        }

        Assert.Contains(" hg", flags, StringComparison.Ordinal);
    }

    /// <summary>Gemma 3's layers with and without a window rotate differently: two tables are needed, whatever the number of layers.</summary>
    [Fact]
    public void RopeTables_OfTwoRotations_CountBoth()
    {
        var one = new RopeDescription { Width = 64, Base = 10_000, Scaling = RopeScaling.None, Factor = 1 };
        var other = one with { Base = 1_000_000 };
        var before = NativeBuffer.AllocatedBytesForCurrentThread;
        using var tables = new RopeTables([one, one, null, other, one], RopeOrder.Neox, [], 100, 100);
        Assert.Equal(2 * 100 * 64 * sizeof(float), RopeTables.Bytes([one, one, null, other, one], 100));
        Assert.Equal(RopeTables.Bytes([one, other], 100), NativeBuffer.AllocatedBytesForCurrentThread - before);
        Assert.Equal(0, RopeTables.Bytes([null], 100));
    }
}
