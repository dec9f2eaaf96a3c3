using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Tests.Kernels;

/// <summary>Packed products against the reduction law written as scalar code: exact for every type, path, size and batch.</summary>
public unsafe class MatrixTests
{
    private static readonly TensorType[] Types = [TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0, TensorType.Q4_0];

    public static TheoryData<TensorType, KernelPath, int, int, int> Shapes()
    {
        var data = new TheoryData<TensorType, KernelPath, int, int, int>();
        foreach (var type in Types)
        {
            foreach (var path in Enum.GetValues<KernelPath>().Where(path => path != KernelPath.Auto && KernelPaths.IsSupported(path)))
            {
                foreach (var (rows, columns, count) in new[] { (1, 32, 1), (16, 64, 2), (37, 96, 3), (80, 160, 1), (129, 32, 7) })
                    data.Add(type, path, rows, type is TensorType.Q8_0 or TensorType.Q4_0 ? columns : columns + 5, count);
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

    [Theory]
    [InlineData(KernelPath.AvxVnni)]
    [InlineData(KernelPath.Avx2)]
    [InlineData(KernelPath.Portable)]
    public void Multiply_OfTheLowestWeightsAndLargestInputs_DoesNotSaturate(KernelPath path)
    {
        Assert.SkipUnless(KernelPaths.IsSupported(path), $"This processor has no {path}.");
        using var memory = new WeightMemory();
        var matrix = MatrixFactory.Create(TensorType.Q8_0, path, memory, "w", 16, 32)!;
        var row = new byte[34];
        BitConverter.TryWriteBytes(row, (Half)1);
        row.AsSpan(2).Fill(0x80); // -128, which a quantizer never writes but a file may hold
        for (var i = 0; i < 16; i++)
            Assert.True(matrix.PackRow(i, row));

        using var input = new ActivationBuffer(1, 32);
        new Span<float>(input.Rows.Values(0), 32).Fill(-127);
        input.Quantize(0);
        var y = stackalloc float[16];
        matrix.Multiply(input.Rows, 1, 0, 1, y, 16);
        Assert.Equal(32 * 128 * 127f, y[15]);
    }

    [Theory]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.BF16)]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0)]
    public void PackRow_WithNaN_IsRefused(TensorType type)
    {
        using var memory = new WeightMemory();
        var matrix = MatrixFactory.Create(type, KernelPath.Portable, memory, "w", 1, 32)!;
        var row = new byte[matrix.FileRowBytes];
        Assert.True(matrix.PackRow(0, row));
        row.AsSpan(0, 4).Fill(0xFF);
        Assert.False(matrix.PackRow(0, row));
    }

    private static void Check(TensorType type, KernelPath path, int rows, int columns, int count, Func<float> next)
    {
        using var memory = new WeightMemory();
        using var input = new ActivationBuffer(count, columns);
        var matrix = MatrixFactory.Create(type, path, memory, "w", rows, columns)!;
        var weights = new float[rows][];
        for (var row = 0; row < rows; row++)
        {
            var bytes = new byte[matrix.FileRowBytes];
            TensorCodec.Quantize(type, [.. Enumerable.Range(0, columns).Select(_ => next())], bytes);
            Assert.True(matrix.PackRow(row, bytes));
            TensorCodec.Dequantize(type, bytes, weights[row] = new float[columns]);
        }

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
                AssertClose(matrix.QuantizedInput, weights[row], input, i, output.Floats[(i * stride) + row]);
        }
    }

    // Floats: the law itself, exactly. Quantized: the sum in double precision, since the packed scale is not visible here.
    private static void AssertClose(bool quantized, float[] weight, ActivationBuffer input, int row, float actual)
    {
        if (!quantized)
        {
            var sum = 0f;
            for (var k = 0; k < weight.Length; k++)
                sum = MathF.FusedMultiplyAdd(weight[k], input.Rows.Values(row)[k], sum);
            Assert.Equal(sum, actual);
            return;
        }

        double exact = 0, size = 0;
        for (var k = 0; k < weight.Length; k++)
        {
            var term = weight[k] * (double)input.Rows.Quants(row)[k] * input.Rows.Blocks(row)[k / Q8Block.Size].Scale;
            exact += term;
            size += Math.Abs(term);
        }

        Assert.InRange(actual, exact - (1e-6 * size), exact + (1e-6 * size));
    }
}
