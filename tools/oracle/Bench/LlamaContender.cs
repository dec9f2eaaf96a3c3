using Penstock.Engine.Llama.Contexts;

namespace Penstock.Tools.Oracle.Bench;

/// <summary>llama.cpp in one setting, with a context made for one workload.</summary>
internal sealed class LlamaContender : IContender
{
    private readonly LlamaContext context;
    private readonly LlamaSetting setting;

    /// <exception cref="InvalidOperationException">llama.cpp does not offer this setting.</exception>
    public LlamaContender(LlamaModels models, LlamaSetting setting, Workload workload, int threads)
    {
        this.setting = setting;
        context = new LlamaContext(models.Open(setting), new ContextOptions(workload.Length * workload.Sequences, workload.Rows, workload.Sequences, workload.Sequences, threads, setting.Unified)
        {
            Attention = setting.Attention,
            CellType = setting.CellType,
            RowsAtOnce = setting.RowsAtOnce,
            Polling = setting.Polling,
        });
    }

    public void Step(ReadOnlySpan<Slice> slices)
    {
        var decodes = 0;
        foreach (var slice in slices)
        {
            var chunk = slice.Tokens.Length > 1;
            if ((chunk && setting.ChunkApart) || (setting.DecodesACall > 0 && decodes == setting.DecodesACall))
            {
                Run();
                decodes = 0;
            }

            for (var i = 0; i < slice.Tokens.Length; i++)
                context.Add(slice.Sequence, slice.Position + i, slice.Tokens[i], slice.Output && i == slice.Tokens.Length - 1);
            decodes += chunk ? 0 : 1;
        }

        Run();
    }

    public void Truncate(int sequence, int length) => context.Truncate(sequence, length);

    public void Dispose() => context.Dispose();

    private void Run()
    {
        if (context.RowCount == 0)
            return;
        if (context.Run() is var outcome and not DecodeOutcome.Completed)
            throw new InvalidOperationException($"llama.cpp ends a call as {outcome}.");
        context.Clear();
    }
}
