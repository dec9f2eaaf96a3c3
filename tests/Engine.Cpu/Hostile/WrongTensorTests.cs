using System.Buffers.Binary;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Models.Random;

namespace Penstock.Engine.Cpu.Tests.Hostile;

/// <summary>Tensors of other shapes and types, missing ones, and numbers that are none: refused at load with the tensor's name.</summary>
public sealed class WrongTensorTests
{
    private static readonly Half[] NoNumbers = [Half.PositiveInfinity, Half.NegativeInfinity, Half.NaN, BitConverter.UInt16BitsToHalf(0xFC01)];

    public static TheoryData<string> Architectures => [.. RandomModelOptions.Architectures];

    public static TheoryData<TensorType> Types => [.. TensorCodec.Types];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Load_OtherShape_NamesTheTensor(string architecture)
    {
        using var model = new AlteredModel(AlteredModel.Tiny(architecture));
        foreach (var tensor in model.Tensors)
        {
            foreach (var shape in Others(tensor.Shape))
            {
                model.Write(tensor.Name, layout => layout with { Shape = shape });
                AssertRefused(model, tensor.Name, $"[{string.Join(", ", shape)}]");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Load_OtherType_NamesTheTensor(string architecture)
    {
        using var model = new AlteredModel(AlteredModel.Tiny(architecture));
        foreach (var tensor in model.Tensors)
        {
            foreach (var type in (TensorType[])[TensorType.I8, TensorType.I32, TensorType.F64, TensorType.IQ4_NL])
            {
                if (tensor.Shape[0] % type.BlockElements() != 0)
                    continue;
                model.Write(tensor.Name, layout => layout with { Type = type });
                AssertRefused(model, tensor.Name, type.Name());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Load_MissingTensor_IsNamedOrNotNeeded(string architecture)
    {
        using var model = new AlteredModel(AlteredModel.Tiny(architecture));
        foreach (var tensor in model.Tensors)
        {
            model.Write(tensor.Name, _ => null);
            var message = model.Serve();
            Assert.True(
                message is null ? IsOptional(tensor.Name) : message.Contains(tensor.Name, StringComparison.Ordinal) || message.Contains("blk.0.", StringComparison.Ordinal) || message.Contains("rope", StringComparison.Ordinal),
                $"{tensor.Name}: {message}");
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Load_NaNInAnyTensor_NamesIt(string architecture)
    {
        using var model = new AlteredModel(AlteredModel.Tiny(architecture));
        foreach (var tensor in model.Tensors)
        {
            // The last value: the one that a check of whole vectors forgets.
            model.Write(tensor.Name, bytes => BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - sizeof(float)), float.NaN));
            AssertRefused(model, tensor.Name, "NaN");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Load_ScaleThatIsNoNumber_NamesTheTensor(TensorType type)
    {
        var wide = Math.Max(32, type.BlockElements());
        using var model = new AlteredModel(AlteredModel.Tiny() with { Type = type, EmbeddingWidth = wide, FeedForwardWidth = wide });
        foreach (var name in (string[])["token_embd.weight", "blk.0.ffn_down.weight", "output.weight"])
        {
            var layout = model.Tensors.Single(tensor => tensor.Name == name);
            Assert.Equal(type, layout.Type);
            foreach (var at in Scales(type))
            {
                foreach (var value in NoNumbers)
                {
                    foreach (var block in (long[])[0, layout.ByteLength / type.BlockBytes() / 2, (layout.ByteLength / type.BlockBytes()) - 1])
                    {
                        model.Write(name, bytes => Put(bytes.AsSpan((int)(block * type.BlockBytes()) + at), type, value));
                        AssertRefused(model, name, $"{value} at byte {at} of block {block}");
                    }
                }
            }
        }
    }

    private static void AssertRefused(AlteredModel model, string tensor, string what)
    {
        var message = model.Serve();
        Assert.True(message is not null && message.Contains(tensor, StringComparison.Ordinal), $"{tensor}, {what}: {message ?? "was loaded"}");
    }

    private static bool IsOptional(string tensor) => tensor is "output.weight" or "rope_freqs.weight" || tensor.EndsWith(".bias", StringComparison.Ordinal) || tensor.StartsWith("rope_factors", StringComparison.Ordinal);

    private static IEnumerable<long[]> Others(IReadOnlyList<long> shape)
    {
        yield return [.. shape.SkipLast(1), shape[^1] + 1];
        yield return [.. shape.SkipLast(1), Math.Max(1, shape[^1] - 1)];
        yield return [.. shape, 2];
        yield return [shape.Aggregate((product, dimension) => product * dimension) * 2];
        if (shape.Count > 1 && shape[0] != shape[1])
            yield return [shape[1], shape[0], .. shape.Skip(2)];
    }

    private static void Put(Span<byte> bytes, TensorType type, Half value)
    {
        if (type == TensorType.F32)
            BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
        else if (type == TensorType.BF16)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16));
        else
            BinaryPrimitives.WriteHalfLittleEndian(bytes, value);
    }

    /// <summary>Where ggml's blocks have their scales and minima in half precision.</summary>
    private static int[] Scales(TensorType type) => type switch
    {
        TensorType.Q4_1 or TensorType.Q5_1 or TensorType.Q4_K or TensorType.Q5_K => [0, 2],
        TensorType.Q2_K => [80, 82],
        TensorType.Q3_K => [108],
        TensorType.Q6_K => [208],
        _ => [0],
    };
}
