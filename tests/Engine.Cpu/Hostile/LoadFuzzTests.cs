using Penstock.Models.Gguf;
using Penstock.Models.Random;
using Penstock.Tests.Support;
using Penstock.Tests.Support.Gguf;

namespace Penstock.Engine.Cpu.Tests.Hostile;

/// <summary>
/// Damaged models of every architecture: refused at load by a sentence, or they answer. The kernels read by address, so what load lets pass must hold for every later step.
/// <c>PENSTOCK_FUZZ</c> plays more.
/// </summary>
public sealed class LoadFuzzTests
{
    private const int Share = 3_000;

    public static TheoryData<string> Architectures => [.. RandomModelOptions.Architectures];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Load_CutAtEveryLength_IsRefused(string architecture)
    {
        using var model = new AlteredModel(AlteredModel.Tiny(architecture) with { Type = TensorType.Q8_0 });
        var header = GgufFields.Of(model.Bytes).HeaderEnd;
        var end = model.Bytes.Length - 1;
        model.Write(model.Bytes);
        Assert.Null(model.Serve());
        // What is cut within the weights is refused by the same comparison at every length; a header is cut at each.
        for (var length = end; length >= 0; length -= length > header + 64 ? 257 : 1)
        {
            model.Cut(length);
            Assert.True(model.Serve() is not null || length > end - 32, $"{length} of {end + 1} bytes");
        }
    }

    [Fact]
    public void Load_RandomMutations_AreRefusedOrAnswer()
    {
        var models = RandomModelOptions.Architectures.Select(architecture => new AlteredModel(AlteredModel.Tiny(architecture))).ToList();
        var mutator = new GgufMutator([.. models.Select(model => model.Bytes)], seed: 11);
        var mutations = LongRun.Count("PENSTOCK_FUZZ", Share);
        var answered = 0;
        for (var i = 0; i < mutations; i++)
        {
            var bytes = mutator.Next();
            models[0].Write(bytes);
            try
            {
                answered += models[0].Serve() is null ? 1 : 0;
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Mutation {i}, of {RandomModelOptions.Architectures.ElementAt(mutator.Base)}.", error);
            }
        }

        models.ForEach(model => model.Dispose());
        Assert.InRange(answered, mutations / 50, mutations * 9 / 10);
        TestContext.Current.TestOutputHelper!.WriteLine($"{mutations} mutations: {answered} answered, the others were refused.");
    }
}
