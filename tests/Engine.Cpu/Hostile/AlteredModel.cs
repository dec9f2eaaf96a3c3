using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Random;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Cpu.Tests.Hostile;

/// <summary>A tiny model of an architecture in a temporary file, to be written again with something wrong in it.</summary>
internal sealed class AlteredModel : IDisposable
{
    private static int made;

    private readonly string path = Path.Combine(Path.GetTempPath(), $"penstock-hostile-{Environment.ProcessId}-{Interlocked.Increment(ref made)}.gguf");
    private readonly Dictionary<string, byte[]> contents = [];

    public AlteredModel(RandomModelOptions options)
    {
        RandomModel.Write(path, options);
        Bytes = File.ReadAllBytes(path);
        using var file = GgufFile.Open(path);
        Metadata = [.. file.Metadata];
        Tensors = [.. file.Tensors.Select(tensor => new GgufTensorLayout(tensor.Name, tensor.Type, tensor.Shape))];
        foreach (var tensor in file.Tensors)
            file.Read(tensor, 0, contents[tensor.Name] = new byte[tensor.ByteLength]);
    }

    /// <summary>The smallest shape; expert models of three experts.</summary>
    public static RandomModelOptions Tiny(string architecture = "llama") => new()
    {
        Architecture = architecture,
        ExpertCount = architecture == "qwen3moe" ? 3 : 0,
        ExpertWidth = 32,
        LayerCount = 1,
        EmbeddingWidth = 32,
        HeadCount = 2,
        KvHeadCount = 1,
        FeedForwardWidth = 32,
        VocabularySize = 300,
        ContextLength = 64,
    };

    /// <summary>The valid file.</summary>
    public byte[] Bytes { get; }

    public IReadOnlyList<KeyValuePair<string, GgufValue>> Metadata { get; }

    public IReadOnlyList<GgufTensorLayout> Tensors { get; }

    /// <summary>Writes it with one value changed or added.</summary>
    public void Write(string key, GgufValue value) =>
        Write([.. Metadata.Where(pair => pair.Key != key), new(key, value)], Tensors, contents);

    /// <summary>Writes it with other metadata, and with tensors of other shapes.</summary>
    public void Write(IEnumerable<KeyValuePair<string, GgufValue>> metadata, Func<GgufTensorLayout, GgufTensorLayout> change) =>
        Write(metadata, [.. Tensors.Select(change)], contents);

    /// <summary>Writes it with one tensor changed, or without it; another length is filled with zeros.</summary>
    public void Write(string tensor, Func<GgufTensorLayout, GgufTensorLayout?> change) =>
        Write(Metadata, [.. Tensors.Select(layout => layout.Name == tensor ? change(layout) : layout).OfType<GgufTensorLayout>()], contents);

    /// <summary>Writes it with other bytes in one tensor.</summary>
    public void Write(string tensor, Action<byte[]> change)
    {
        var changed = (byte[])contents[tensor].Clone();
        change(changed);
        Write(Metadata, Tensors, new(contents) { [tensor] = changed });
    }

    public void Write(ReadOnlySpan<byte> bytes) => File.WriteAllBytes(path, bytes);

    public void Cut(int length)
    {
        using var stream = File.OpenWrite(path);
        stream.SetLength(length);
    }

    /// <summary>Does with the file what a server does: tokenizer, weights, a step.</summary>
    /// <returns>Null when it answers; else why it was refused.</returns>
    public string? Serve()
    {
        try
        {
            using var file = GgufFile.Open(path);
            TokenizerFactory.FromGguf(file);
            using var runner = CpuModelRunner.Load(file, new CpuRunnerOptions { Threads = 1, KvTokens = 64, MaxRows = 8, MaxSequences = 2 });
            int[] tokens = [runner.Capabilities.VocabularySize - 1, 0, 1];
            tokens = tokens[..Math.Min(tokens.Length, runner.Capabilities.ContextLength)];
            Assert.True(runner.Kv.TryReserve(0, tokens.Length));
            var batch = new StepBatch();
            batch.Add(0, 0, tokens, SliceOutput.LastRow);
            Assert.Equal(StepOutcome.Completed, runner.Run(batch, new AbortSignal()));
            Assert.Equal(runner.Capabilities.VocabularySize, runner.Logits(0).Length);
            return null;
        }
        catch (GgufException error)
        {
            Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
            Assert.NotEmpty(error.Remedy);
            return error.Message;
        }
        catch (Contracts.Errors.PenstockException error)
        {
            return error.Message;
        }
    }

    public void Dispose() => File.Delete(path);

    private void Write(IEnumerable<KeyValuePair<string, GgufValue>> metadata, IReadOnlyList<GgufTensorLayout> tensors, Dictionary<string, byte[]> bytes)
    {
        using var writer = GgufWriter.Create(path, metadata, tensors);
        foreach (var tensor in tensors)
            writer.Append(bytes.TryGetValue(tensor.Name, out var own) && own.Length == tensor.ByteLength ? own : new byte[tensor.ByteLength]);
        writer.Complete();
    }
}
