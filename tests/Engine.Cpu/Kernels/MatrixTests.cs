using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Tests.Kernels;

/// <summary>Packed products against the reduction law written as scalar code: exact for every type, path, size and batch.</summary>
public unsafe class MatrixTests
{
    public static TheoryData<TensorType> Types => [.. TensorCodec.Types];

    public static TheoryData<TensorType, KernelPath, int, int, int> Shapes()
    {
        var data = new TheoryData<TensorType, KernelPath, int, int, int>();
        foreach (var type in TensorCodec.Types)
        {
            foreach (var path in Enum.GetValues<KernelPath>().Where(path => path != KernelPath.Auto && KernelPaths.IsSupported(path)))
            {
                foreach (var (rows, blocks, count) in new[] { (1, 1, 1), (16, 2, 2), (37, 3, 3), (80, 5, 1), (129, 1, 7), (33, 2, 15) })
                    data.Add(type, path, rows, type.BlockElements() == 1 ? (blocks * 32) + 5 : blocks * type.BlockElements(), count);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Multiply_OfRandomValues_IsTheFixedOrderSum(TensorType type, KernelPath path, int rows, int columns, int count)
    {
        var random = new Random((rows * 1000) + columns);
        Check(type, path, rows, columns, count, () => (float)((random.NextDouble() * 4) - 2));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Multiply_OfExtremeValues_IsTheFixedOrderSum(TensorType type, KernelPath path, int rows, int columns, int count)
    {
        float[] extremes = [0, -0f, 1, -1, 60000, -60000, 6e-8f, -6e-8f, 1e-5f, 127, -127];
        var random = new Random(rows + columns);
        Check(type, path, rows, columns, count, () => extremes[random.Next(extremes.Length)]);
    }

    // The Arm64 path as far as it can be tested elsewhere: its layout and order with its one instruction emulated.
    [Theory]
    [MemberData(nameof(Types))]
    public void Multiply_WithTheDotProductOfArmEmulated_IsTheFixedOrderSum(TensorType type)
    {
        Assert.SkipWhen(type.BlockElements() == 1, "A float has no levels.");
        var random = new Random(5);
        var columns = 2 * type.BlockElements();
        Check(type, (memory, rows) => MatrixFactory.Create<EmulatedDotProduct>(type, memory, "w", rows, columns)!, 21, columns, 3, () => (float)((random.NextDouble() * 4) - 2));
    }

    [Theory]
    [InlineData(KernelPath.Avx512)]
    [InlineData(KernelPath.AvxVnni)]
    [InlineData(KernelPath.Avx2)]
    [InlineData(KernelPath.AdvSimd)]
    [InlineData(KernelPath.Portable)]
    public void Multiply_OfTheLowestWeightsAndLargestInputs_DoesNotSaturate(KernelPath path)
    {
        Assert.SkipUnless(KernelPaths.IsSupported(path), $"This processor has no {path}.");
        using var memory = new WeightMemory();
        var matrix = MatrixFactory.Create(TensorType.Q8_0, path, memory, "w", 16, 32)!;
        var row = new byte[34];
        BitConverter.TryWriteBytes(row, (Half)1);
        row.AsSpan(2).Fill(0x80); // -128, which a quantizer never writes but a file may hold
        Assert.True(matrix.Pack(Enumerable.Repeat(row, 16)));

        using var input = new ActivationBuffer(1, 32);
        new Span<float>(input.Rows.Values(0), 32).Fill(-127);
        input.Quantize(0);
        var y = stackalloc float[16];
        matrix.Multiply(input.Rows, 1, 0, 1, y, 16);
        Assert.Equal(32 * 128 * 127f, y[15]);
    }

    // The largest integers that a file may hold, whatever a quantizer writes: no product or sum may wrap around.
    [Theory]
    [MemberData(nameof(Types))]
    public void Multiply_OfTheLargestLevelsAndInputs_DoesNotSaturate(TensorType type)
    {
        Assert.SkipWhen(type.BlockElements() == 1, "A float has no levels.");
        foreach (var path in Enum.GetValues<KernelPath>().Where(path => path != KernelPath.Auto && KernelPaths.IsSupported(path)))
        {
            var columns = type.BlockElements();
            using var memory = new WeightMemory();
            using var input = new ActivationBuffer(1, columns);
            var matrix = MatrixFactory.Create(type, path, memory, "w", 16, columns)!;
            var block = new byte[type.BlockBytes()];
            block.AsSpan().Fill(0xFF);
            foreach (var at in HalvesOf(type))
                BitConverter.TryWriteBytes(block.AsSpan(at), (Half)1);
            Assert.True(matrix.Pack(Enumerable.Repeat(block, 16)));
            new Span<float>(input.Rows.Values(0), columns).Fill(-127);
            input.Quantize(0);
            using var y = new NativeBuffer(16 * sizeof(float));
            matrix.Multiply(input.Rows, 1, 0, 1, y.Floats, 16);

            Assert.Equal(LawOf(type, block, input, 0), y.Floats[15]);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void PackPanel_WithNaN_IsRefused(TensorType type)
    {
        var columns = Math.Max(32, type.BlockElements());
        using var memory = new WeightMemory();
        var matrix = MatrixFactory.Create(type, KernelPath.Portable, memory, "w", 1, columns)!;
        foreach (var at in type.BlockElements() == 1 ? [0] : HalvesOf(type))
        {
            var row = new byte[matrix.FileRowBytes];
            Assert.True(matrix.PackPanel(0, row));
            row.AsSpan(at, Math.Min(4, row.Length - at)).Fill(0xFF);
            Assert.False(matrix.PackPanel(0, row));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Bytes_OfAWholeMatrix_AreAtMostFourPercentOverTheFile(TensorType type)
    {
        using var memory = new WeightMemory();
        var matrix = MatrixFactory.Create(type, KernelPath.Portable, memory, "w", 64, 512)!;

        Assert.InRange(matrix.Bytes / (double)type.ByteLength(64 * 512), 1, 1.04);
    }

    private static void Check(TensorType type, KernelPath path, int rows, int columns, int count, Func<float> next) =>
        Check(type, (memory, height) => MatrixFactory.Create(type, path, memory, "w", height, columns)!, rows, columns, count, next);

    private static void Check(TensorType type, Func<WeightMemory, int, PackedMatrix> create, int rows, int columns, int count, Func<float> next)
    {
        using var memory = new WeightMemory();
        using var input = new ActivationBuffer(count, columns);
        var matrix = create(memory, rows);
        var weights = new float[rows][];
        var packed = new byte[rows][];
        for (var row = 0; row < rows; row++)
        {
            var bytes = packed[row] = new byte[matrix.FileRowBytes];
            TensorCodec.Quantize(type, [.. Enumerable.Range(0, columns).Select(_ => next())], bytes);
            TensorCodec.Dequantize(type, bytes, weights[row] = new float[columns]);
        }

        Assert.True(matrix.Pack(packed));

        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < columns; k++)
                input.Rows.Values(i)[k] = next();
            if (matrix.QuantizedInput)
                input.Quantize(i);
        }

        var stride = matrix.Panels * PackedMatrix.PanelRows;
        using var output = new NativeBuffer((long)count * stride * sizeof(float));
        matrix.Multiply(input.Rows, count, 0, matrix.Panels, output.Floats, stride);
        var lookup = new float[columns + 32];
        for (var row = 0; row < rows; row++)
        {
            fixed (float* target = lookup)
                matrix.ReadRow(row, target);
            Assert.Equal(weights[row], lookup.AsSpan(0, columns).ToArray());
            for (var i = 0; i < count; i++)
                Assert.Equal(LawOf(type, packed[row], input, i), output.Floats[(i * stride) + row]);
        }
    }

    private static float LawOf(TensorType type, byte[] weights, ActivationBuffer input, int row) => type.BlockElements() == 1
        ? ReductionLaw.OfFloats(type, weights, new ReadOnlySpan<float>(input.Rows.Values(row), input.Rows.Columns))
        : ReductionLaw.OfBlocks(type, weights, new ReadOnlySpan<Q8Block>(input.Rows.Blocks(row), input.Rows.Columns / Q8Block.Size));

    /// <summary>Where a block keeps its half-precision numbers.</summary>
    private static int[] HalvesOf(TensorType type) => type switch
    {
        TensorType.Q4_1 or TensorType.Q5_1 or TensorType.Q4_K or TensorType.Q5_K => [0, 2],
        TensorType.Q2_K => [80, 82],
        TensorType.Q3_K => [108],
        TensorType.Q6_K => [208],
        _ => [0],
    };
}
