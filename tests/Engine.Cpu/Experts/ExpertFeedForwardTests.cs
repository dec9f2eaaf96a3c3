using Penstock.Engine.Cpu.Experts;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Phases;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Cpu.Threading;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Tests.Experts;

/// <summary>A layer of experts on its own: against the formula, and the same bits whoever else is in the step.</summary>
public sealed unsafe class ExpertFeedForwardTests : IDisposable
{
    private const int Width = 96;
    private const int Wide = 64;
    private const int MaxRows = 150;
    private readonly WeightMemory memory = new();

    [Theory]
    [InlineData(8, 2, true)]
    [InlineData(5, 3, false)]
    [InlineData(1, 1, true)]
    [InlineData(33, 33, true)]
    public void Run_FloatWeights_IsTheFormula(int count, int used, bool normalized)
    {
        var random = new Random(count);
        float[][] router = [Values(random, count * Width)], gate = Experts(Wide * Width), up = Experts(Wide * Width), down = Experts(Width * Wide);
        var layer = new ExpertWeights
        {
            Router = Pack(TensorType.F32, router[0], Width),
            Gate = [.. gate.Select(values => Pack(TensorType.F32, values, Width))],
            Up = [.. up.Select(values => Pack(TensorType.F32, values, Width))],
            Down = [.. down.Select(values => Pack(TensorType.F32, values, Wide))],
            Used = used,
            Normalized = normalized,
        };
        var rows = Enumerable.Range(0, 70).Select(_ => Values(random, Width)).ToArray();

        var actual = Run(layer, rows, threads: 2);

        for (var row = 0; row < rows.Length; row++)
            Assert.InRange(LogitMath.RelativeError([.. Expected(rows[row]).Select(value => (float)value)], actual[row]), 0, 2e-6);

        float[][] Experts(int size) => [.. Enumerable.Range(0, count).Select(_ => Values(random, size))];

        double[] Expected(float[] x)
        {
            var likelihood = Multiply(router[0], x.Select(value => (double)value)).Select(Math.Exp).ToArray();
            var chosen = Enumerable.Range(0, count).OrderByDescending(expert => likelihood[expert]).Take(used).ToArray();
            var total = normalized ? chosen.Sum(expert => likelihood[expert]) : likelihood.Sum();
            var result = new double[Width];
            foreach (var expert in chosen)
            {
                var input = x.Select(value => (double)value).ToArray();
                var hidden = Multiply(gate[expert], input).Zip(Multiply(up[expert], input), (g, u) => g / (1 + Math.Exp(-g)) * u).ToArray();
                var output = Multiply(down[expert], hidden);
                for (var i = 0; i < Width; i++)
                    result[i] += likelihood[expert] / total * output[i];
            }

            return result;
        }
    }

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0)]
    [InlineData(TensorType.Q5_1)]
    public void Run_AnyCompanyAndThreads_GivesARowTheSameBits(TensorType type)
    {
        var random = new Random(7);
        var layer = RandomLayer(random, type, count: 8, used: 2);
        var rows = Enumerable.Range(0, MaxRows).Select(_ => Values(random, Width)).ToArray();
        // All to the same experts: longer than a block of rows.
        Array.Fill(rows, rows[0], 20, 80);
        var alone = rows.Select(row => Run(layer, [row], threads: 1)[0]).ToArray();

        for (var threads = 1; threads <= 3; threads++)
        {
            for (var round = 0; round < 4; round++)
            {
                var order = Enumerable.Range(0, MaxRows).OrderBy(_ => random.Next()).Take(round == 0 ? MaxRows : random.Next(2, 40)).ToArray();
                var together = Run(layer, [.. order.Select(row => rows[row])], threads);
                for (var i = 0; i < order.Length; i++)
                    RunnerSteps.AssertSameBits(alone[order[i]], together[i], $"row {order[i]} of {order.Length}, {threads} threads");
            }
        }
    }

    [Fact]
    public void BytesRead_AfterARow_AreThoseOfItsExperts()
    {
        var random = new Random(3);
        var layer = RandomLayer(random, TensorType.Q8_0, count: 8, used: 2);
        using var team = new ThreadTeam(1);
        using var input = new ActivationBuffer(MaxRows, Width);
        using var output = new NativeBuffer(MaxRows * Strides.For(Width) * sizeof(float));
        using var block = new ExpertFeedForward([layer], GateActivation.Silu, input.Rows, output.Floats, MaxRows);

        block.Run(team, 0, 1);
        Assert.Equal(layer.BytesPerStep, block.BytesRead);
        // The rows are all the same: they share the reading.
        block.Run(team, 0, 100);
        Assert.Equal(2 * layer.BytesPerStep, block.BytesRead);
        Assert.Equal(layer.Router.Bytes + (2 * layer.BytesOfOne), layer.BytesPerStep);
        Assert.Equal((8 * Width) + (2 * 3 * Width * Wide), layer.MultiplyAddsPerRow);
    }

    public void Dispose() => memory.Dispose();

    private static float[][] Run(ExpertWeights layer, float[][] rows, int threads)
    {
        using var team = new ThreadTeam(threads);
        using var input = new ActivationBuffer(rows.Length, Width);
        using var output = new NativeBuffer(rows.Length * Strides.For(Width) * sizeof(float));
        using var block = new ExpertFeedForward([layer], GateActivation.Silu, input.Rows, output.Floats, rows.Length);
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row].CopyTo(new Span<float>(input.Rows.Values(row), Width));
            input.Quantize(row);
        }

        block.Run(team, 0, rows.Length);
        return [.. Enumerable.Range(0, rows.Length).Select(row => new Span<float>(output.Floats + (row * Strides.For(Width)), Width).ToArray())];
    }

    private ExpertWeights RandomLayer(Random random, TensorType type, int count, int used) => new()
    {
        Router = Pack(TensorType.F32, Values(random, count * Width), Width),
        Gate = [.. Enumerable.Range(0, count).Select(_ => Pack(type, Values(random, Wide * Width), Width))],
        Up = [.. Enumerable.Range(0, count).Select(_ => Pack(type, Values(random, Wide * Width), Width))],
        Down = [.. Enumerable.Range(0, count).Select(_ => Pack(type, Values(random, Width * Wide), Wide))],
        Used = used,
        Normalized = true,
    };

    private PackedMatrix Pack(TensorType type, float[] values, int columns)
    {
        var rows = values.Length / columns;
        var matrix = MatrixFactory.Create(type, KernelPaths.Resolve(KernelPath.Auto), memory, "w", rows, columns)!;
        Assert.True(matrix.Pack(Enumerable.Range(0, rows).Select(row =>
        {
            var bytes = new byte[matrix.FileRowBytes];
            TensorCodec.Quantize(type, values.AsSpan(row * columns, columns), bytes);
            return bytes;
        })));
        return matrix;
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 0.4) - 0.2))];

    private static double[] Multiply(float[] matrix, IEnumerable<double> input)
    {
        var x = input.ToArray();
        return [.. Enumerable.Range(0, matrix.Length / x.Length).Select(row => x.Select((value, i) => matrix[(row * x.Length) + i] * value).Sum())];
    }
}
