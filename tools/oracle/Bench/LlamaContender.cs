using Penstock.Engine.Llama.Contexts;

namespace Penstock.Tools.Oracle.Bench;

/// <summary>llama.cpp as its own tools use it: 16-bit KV, flash attention where it likes, a thread pool.</summary>
internal sealed class LlamaContender : IContender
{
    private readonly LlamaModel model;
    private readonly LlamaContext context;

    public LlamaContender(string path, Workloads workloads, int threads)
    {
        model = LlamaModel.Open(path, gpuLayers: 0);
        var rows = Math.Max(workloads.Chunk, workloads.Sequences);
        context = new LlamaContext(model, new ContextOptions(workloads.ContextLength * workloads.Sequences, rows, workloads.Sequences, rows, threads, Unified: false));
    }

    public string Name => "llama_cpp";

    public void Prefill(int sequence, ReadOnlySpan<int> tokens, int chunk)
    {
        for (var start = 0; start < tokens.Length; start += chunk)
        {
            var end = Math.Min(start + chunk, tokens.Length);
            for (var i = start; i < end; i++)
                context.Add(sequence, i, tokens[i], output: i == tokens.Length - 1);
            Run();
        }
    }

    public void Decode(int sequences, int length, int token)
    {
        for (var sequence = 0; sequence < sequences; sequence++)
            context.Add(sequence, length, token, output: true);
        Run();
    }

    public void Truncate(int sequence, int length) => context.Truncate(sequence, length);

    private void Run()
    {
        if (context.Run() is var outcome and not DecodeOutcome.Completed)
            throw new InvalidOperationException($"llama.cpp ends a call as {outcome}.");
        context.Clear();
    }

    public void Dispose()
    {
        context.Dispose();
        model.Dispose();
    }
}
