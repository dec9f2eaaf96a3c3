using Penstock.Contracts.Errors;
using Penstock.Contracts.Targets;
using Penstock.Engine.Adapters;
using Penstock.Engine.Scheduling.Order;
using Penstock.Engine.Serving;
using Penstock.Models.Adapters;
using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Models.Templates;
using Penstock.Models.Tokenization;

namespace Penstock.Gateway.Hosting;

/// <summary>A GGUF file that this process runs: the file, its runner and the target over them. Disposing ends what runs and unmaps the file.</summary>
public sealed class LocalModel : IAsyncDisposable
{
    private readonly GgufFile file;

    private LocalModel(GgufFile file, LocalTarget target, ITokenizer tokenizer, ModelIdentity identity, string? warning)
    {
        this.file = file;
        Target = target;
        Tokenizer = tokenizer;
        Model = identity;
        Warning = warning;
    }

    /// <summary>What answers requests.</summary>
    public LocalTarget Target { get; }

    public ITokenizer Tokenizer { get; }

    /// <summary>What the file says of itself.</summary>
    public ModelIdentity Model { get; }

    /// <summary>What does not work with this model, in one sentence; null when all does.</summary>
    public string? Warning { get; }

    /// <summary>Opens the file, loads the weights and starts the engine.</summary>
    /// <param name="model">The file and its public name.</param>
    /// <param name="options">Threads, context, memory and queue.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told how far the weights are.</param>
    /// <param name="onFault">Told of exceptions of the runner, which end requests and are seen nowhere else; from the engine's thread, must not throw.</param>
    /// <exception cref="GgufException">The file is missing, broken or of a kind that is not supported; the message has the remedy.</exception>
    /// <exception cref="PenstockException">An adapter does not fit the model.</exception>
    /// <exception cref="Penstock.Engine.Llama.LlamaLibraryException">The model is to run on llama.cpp, and its libraries cannot be used.</exception>
    public static LocalModel Load(
        ModelOptions model, ServeOptions options, TimeProvider time, IProgress<double>? progress = null, Action<Exception>? onFault = null)
    {
        var opened = GgufFile.Open(model.Path);
        try
        {
            return Load(opened, model, options, time, progress, onFault);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Target.DisposeAsync();
        file.Dispose();
    }

    private static LocalModel Load(GgufFile file, ModelOptions model, ServeOptions options, TimeProvider time, IProgress<double>? progress, Action<Exception>? onFault)
    {
        var identity = ModelIdentity.From(file);
        var name = model.Name ?? Printable(identity.Name);
        var known = RunnerLoader.OwnTokenizer(file, model.Runner);
        var (runner, fingerprint) = LoadedFile.Load(file, () => RunnerLoader.Load(file, model, options, progress));
        List<AdapterSource> adapters = [];
        try
        {
            var tokenizer = known ?? RunnerLoader.Tokenizer(file, runner);
            var (template, templateError, warning) = Template(identity, name, tokenizer);
            adapters.AddRange(model.Adapters.Select(adapter => new AdapterSource(adapter.Name, LoraFile.Open(adapter.Path), adapter.Scale)));
            var engine = Engine(model, options);
            var target = new TargetDescription
            {
                Name = name,
                Owner = "penstock",
                Fingerprint = $"{fingerprint}@{runner.Capabilities.Name}",
                ContextLength = runner.Capabilities.ContextLength,
                GapTarget = engine.GapTarget,
                Since = time.GetUtcNow(),
            };
            var local = new LocalTarget(new LocalTargetOptions { Description = target, Engine = engine, TemplateError = templateError, OnFault = onFault, PinnedPrefixes = model.PinnedPrefixes, Adapters = adapters }, runner, tokenizer, template, time);
            return new LocalModel(file, local, tokenizer, identity, warning);
        }
        catch
        {
            runner.Dispose();
            throw;
        }
        finally
        {
            adapters.ForEach(adapter => adapter.File.Dispose());
        }
    }

    private static EngineOptions Engine(ModelOptions model, ServeOptions options)
    {
        var (defaults, own) = (new EngineOptions(), model.Scheduling);
        return new EngineOptions
        {
            QueueCapacity = own.QueueCapacity ?? options.QueueCapacity,
            TenantQueueCapacity = own.TenantQueueCapacity,
            Policy = own.Policy ?? options.Policy,
            GapTarget = model.GapTarget ?? defaults.GapTarget,
            TenantWeights = options.TenantWeights,
            Patience = new ClassPatience(
                own.InteractivePatience ?? defaults.Patience.Interactive, own.StandardPatience ?? defaults.Patience.Standard, own.BatchPatience ?? defaults.Patience.Batch),
            PrefillEvery = own.PrefillEvery ?? defaults.PrefillEvery,
            StepTokenBudget = own.StepTokenBudget,
            SavedKvBytes = own.SavedKvBytes ?? defaults.SavedKvBytes,
            PrefixCaching = own.PrefixCaching ?? defaults.PrefixCaching,
            PrefixTenantShare = own.PrefixTenantShare ?? defaults.PrefixTenantShare,
        };
    }

    // A name out of a file is shown in terminals and written in requests: control characters in it become spaces.
    private static string Printable(string name) => string.Concat(name.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();

    // A template that cannot be read is no reason not to serve completions: chats are refused with the reason, and the start says it too.
    private static (ChatTemplate? Template, PenstockError? Error, string? Warning) Template(ModelIdentity identity, string name, ITokenizer tokenizer)
    {
        if (identity.ChatTemplate is { } source)
        {
            var parsed = ChatTemplate.Parse(source, name);
            return parsed.Ok ? (parsed.Value, null, null) : (null, parsed.Error, $"{name} refuses chats, completions work. {parsed.Error.Message}");
        }

        var marker = new List<int>();
        tokenizer.Encode("<|im_start|>", marker, addSpecial: false, parseSpecial: true);
        return marker.Count == 1
            ? (BuiltInTemplates.ChatMl, null, null)
            : (null, null, $"{name} has no chat template: chats are refused, completions work.");
    }
}
