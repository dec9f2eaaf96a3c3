using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;
using Penstock.Engine.Llama;
using Penstock.Engine.Llama.Running;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;

namespace Penstock.Gateway.Hosting;

/// <summary>Loads a model into the runner that was chosen for it.</summary>
internal static class RunnerLoader
{
    /// <exception cref="GgufException">No runner takes the file; the message says what each of them lacks.</exception>
    /// <exception cref="LlamaLibraryException">llama.cpp was asked for by name and its libraries cannot be used.</exception>
    public static IModelRunner Load(GgufFile file, ModelOptions model, ServeOptions options, IProgress<double>? progress) => model.Runner switch
    {
        RunnerChoice.Cpu => LoadCpu(file, model, options, progress),
        RunnerChoice.Llama => LoadLlama(file, model, options, progress),
        _ => LoadEither(file, model, options, progress),
    };

    /// <summary>Our tokenizer of the file, before anything slow is done; null where ours does not know the vocabulary and llama.cpp, which has its own, may run the model.</summary>
    /// <exception cref="GgufException">Ours does not know it, and the CPU engine was asked for.</exception>
    public static ITokenizer? OwnTokenizer(GgufFile file, RunnerChoice choice)
    {
        try
        {
            return TokenizerFactory.FromGguf(file);
        }
        catch (GgufException) when (choice != RunnerChoice.Cpu)
        {
            return null;
        }
    }

    /// <summary>The tokenizer where there was no <see cref="OwnTokenizer"/>.</summary>
    /// <exception cref="GgufException">The runner has none either.</exception>
    public static ITokenizer Tokenizer(GgufFile file, IModelRunner runner) => runner is LlamaModelRunner llama ? llama.CreateTokenizer() : TokenizerFactory.FromGguf(file);

    // What the CPU engine refuses because it is damaged, llama.cpp refuses too: it checks all weights as well.
    private static IModelRunner LoadEither(GgufFile file, ModelOptions model, ServeOptions options, IProgress<double>? progress)
    {
        try
        {
            return LoadCpu(file, model, options, progress);
        }
        catch (GgufException refused)
        {
            try
            {
                return LoadLlama(file, model, options, progress);
            }
            catch (GgufException other)
            {
                throw new GgufException(file.Path, $"no engine takes it: {refused.Problem}; {other.Problem}", "Check that the file is complete, or convert it again with a current converter.", inner: refused);
            }
            catch (LlamaLibraryException missing)
            {
                throw new GgufException(file.Path, refused.Problem, $"{refused.Remedy} llama.cpp may take it: {missing.Message}", inner: refused);
            }
        }
    }

    private static CpuModelRunner LoadCpu(GgufFile file, ModelOptions model, ServeOptions options, IProgress<double>? progress) => CpuModelRunner.Load(
        file,
        new CpuRunnerOptions
        {
            Threads = options.Threads,
            Affinity = options.Affinity,
            ContextLength = options.ContextLength,
            KvTokens = options.KvTokens,
            KvType = model.KvType ?? KvType.F16,
            AdapterType = model.AdapterType ?? AdapterType.Auto,
        },
        progress);

    private static LlamaModelRunner LoadLlama(GgufFile file, ModelOptions model, ServeOptions options, IProgress<double>? progress)
    {
        if (model.KvType is { } type and not KvType.F16)
            throw new GgufException(file.Path, $"KV of the type {type.Name()} was asked for, and the llama runner keeps {KvType.F16.Name()}", "Leave kv_type out, or serve a model that the cpu runner takes.");

        if (model.AdapterType is { } kept and AdapterType.Q8_0)
            throw new GgufException(file.Path, $"adapters as {kept.Name()} were asked for, and the llama runner keeps them as their files have them", "Leave adapter_type out, or serve a model that the cpu runner takes.");

        return LlamaModelRunner.Load(
            file,
            new LlamaRunnerOptions
            {
                Libraries = options.LlamaLibraries,
                Threads = options.Threads > 0 ? options.Threads : PhysicalCores.Count(),
                ContextLength = options.ContextLength,
                KvTokens = options.KvTokens,
                Deterministic = model.Deterministic,
            },
            progress);
    }
}
