namespace Penstock.Tools.Oracle.Bench;

/// <summary>llama.cpp in one setting with a workload's sequences filled.</summary>
internal sealed class PreparedLlama : IDisposable
{
    private readonly LlamaContender contender;

    public PreparedLlama(LlamaModels models, LlamaSetting setting, Workload workload, int threads)
    {
        contender = new LlamaContender(models, setting, workload, threads);
        Measurement = new Measurement(contender, workload);
    }

    public Measurement Measurement { get; }

    public void Dispose() => contender.Dispose();
}
