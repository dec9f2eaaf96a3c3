using System.CommandLine;
using Penstock.Cli.Models;
using Penstock.Cli.Output;
using Penstock.Engine.Running;
using Penstock.Engine.Scheduling;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;

namespace Penstock.Cli.Serve;

/// <summary>The options of <c>penstock serve</c>, and how they and <c>penstock.yaml</c> become the server's options.</summary>
internal sealed class ServeArguments
{
    private readonly Option<string[]> model = new("--model")
    {
        Description = "A GGUF file to serve, as path or name=path; may be given several times. Without a name: the file's general.name. Default: pebble, the model that comes with Penstock.",
        HelpName = "file.gguf",
    };

    private readonly Option<string[]> adapter = new("--adapter")
    {
        Description = "A LoRA adapter in GGUF format as name=path, or model:name=path with several models; may be given several times. Requests ask for model:name.",
        HelpName = "name=file.gguf",
    };

    private readonly Option<string[]> urls = new("--urls")
    {
        Description = "Where to listen; several with repetition. Default: http://127.0.0.1:8080.",
        HelpName = "http://host:port",
    };

    private readonly Option<string?> data = new("--data") { Description = "The folder of the ledger, where the configuration names no PostgreSQL. Default: data in the current folder.", HelpName = "folder" };

    private readonly Option<string?> config = new("--config") { Description = "Read penstock.yaml; options given here win over it.", HelpName = "penstock.yaml" };

    private readonly Option<string?> keyFile = new("--api-key-file")
    {
        Description = "Clients must present a key of this file. A line is: key-id sha256 [tenant].",
        HelpName = "file",
    };

    private readonly Option<int> context = new("--context") { Description = "Most tokens of prompt and output together; 0 = the model's.", HelpName = "tokens" };

    private readonly Option<int> kvTokens = new("--kv-tokens") { Description = "KV memory of each model in tokens; 0 = chosen from the machine.", HelpName = "tokens" };

    private readonly Option<string?> kvType = new("--kv-type")
    {
        Description = $"What keys and values are kept as: {KvType.F16.Name()}; {KvType.F32.Name()}, exact, in twice the memory; {KvType.Q8_0.Name()}, in half of it. Default: what --config says, else {KvType.F16.Name()}.",
        HelpName = string.Join('|', KvTypeNames.All),
    };

    private readonly Option<string?> adapterType = new("--adapter-type")
    {
        Description = $"What the weights of adapters are kept as: {AdapterType.File.Name()}, as their files have them; {AdapterType.Q8_0.Name()}, in half of the memory and time that F16 takes; {AdapterType.Auto.Name()}, {AdapterType.Q8_0.Name()} where the model is quantized too. Default: what --config says, else {AdapterType.Auto.Name()}.",
        HelpName = string.Join('|', AdapterTypeNames.All),
    };

    private readonly Option<string[]> adapterFolder = new("--adapter-folder")
    {
        Description = "A folder below which adapters may be loaded while the server runs; may be given several times. Default: what --config says, else, without API keys, the folders of the models and of their adapters.",
        HelpName = "folder",
    };

    private readonly Option<string?> affinity = new("--affinity")
    {
        Description = "Processors on which the cpu runner's threads are kept, one each (Linux). Default: what --config says, else where the system puts them.",
        HelpName = "0-3,6",
    };

    private readonly Option<int> threads = new("--threads") { Description = "Threads that compute; 0 = one for each core.", HelpName = "count" };

    private readonly Option<RunnerChoice?> runner = new("--runner")
    {
        Description = "What computes: cpu, Penstock's own engine; llama, llama.cpp (docs/llama-engine.md); auto, cpu where it knows the model, else llama. Default: what --config says, else auto.",
        HelpName = "auto|cpu|llama",
    };

    private readonly Option<string?> llamaLibraries = new("--llama-libraries") { Description = "The folder of llama.cpp's libraries. Default: PENSTOCK_LLAMA_LIBRARIES, else native/node_modules.", HelpName = "folder" };

    private readonly Option<int?> queue = new("--queue") { Description = $"Requests that may wait for each model; more get 429. Default: what --config says, else {new ServeOptions().QueueCapacity}.", HelpName = "count" };

    private readonly Option<string?> policy = new("--policy")
    {
        Description = "Who is computed next: fair, by service received; fcfs, by arrival; unchunked, by arrival, and streams stand still while a prompt is read (to compare with). Default: what --config says, else fair.",
        HelpName = string.Join('|', PolicyNames.All),
    };

    private readonly Option<long> maxBody = new("--max-body-bytes") { Description = "Largest request body.", HelpName = "bytes", DefaultValueFactory = _ => new ServeOptions().MaxBodyBytes };

    private readonly Option<int> drain = new("--drain-seconds")
    {
        Description = "How long running requests may finish after Ctrl+C or SIGTERM.",
        HelpName = "seconds",
        DefaultValueFactory = _ => (int)new ServeOptions().DrainLimit.TotalSeconds,
    };

    public ServeArguments()
    {
        policy.AcceptOnlyFromAmong([.. PolicyNames.All]);
        kvType.AcceptOnlyFromAmong([.. KvTypeNames.All]);
        adapterType.AcceptOnlyFromAmong([.. AdapterTypeNames.All]);
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { model, adapter, adapterType, adapterFolder, urls, data, config, keyFile, context, kvTokens, kvType, threads, affinity, runner, llamaLibraries, queue, policy, maxBody, drain })
            command.Options.Add(option);
    }

    /// <summary>The files that are read.</summary>
    public IReadOnlyList<string> Files(ParseResult result) => [.. new[] { result.GetValue(config), result.GetValue(keyFile) }.OfType<string>().Select(Path.GetFullPath)];

    /// <summary>What was said that changes nothing, a sentence each.</summary>
    public IEnumerable<string> Warnings(ParseResult result, ServeOptions options) =>
        result.GetValue(data) is { } folder && options.Store.Postgres is not null
            ? [$"--data {folder} is not used: the configuration's store is PostgreSQL. Leave --data out."]
            : [];

    /// <summary>The server's options; every fault at once.</summary>
    /// <exception cref="CommandException">With one line a fault.</exception>
    public ServeOptions Read(ParseResult result)
    {
        var faults = new List<OptionFault>();
        var options = Read(result, faults);
        return faults.Count == 0 ? options : throw new CommandException(string.Join($"{Environment.NewLine}error: ", faults), ExitCode.WrongUsage);
    }

    /// <summary>The server's options, as far as they can be read; every fault is noted.</summary>
    /// <exception cref="CommandException">A file cannot be read at all.</exception>
    public ServeOptions Read(ParseResult result, List<OptionFault> faults)
    {
        var file = result.GetValue(config) is { } path ? ConfigFile.Parse(ReadText(path, "--config"), faults) : new ConfigFile([], [], [], null);
        var listed = result.GetValue(model) is { Length: > 0 } models ? [.. models.Select(text => Model(text, faults))] : file.Models is { Count: > 0 } configured ? configured : file.Targets.Count > 0 ? [] : [Embedded()];
        var keys = result.GetValue(keyFile) is { } keyPath ? ApiKeyFile.Parse(ReadText(keyPath, "--api-key-file"), keyPath, faults) : [];
        var defaults = new ServeOptions();
        var options = new ServeOptions
        {
            Models = AdapterArguments.Apply([.. listed.Select(one => Overridden(one, result))], result.GetValue(adapter) ?? [], faults),
            Urls = result.GetValue(urls) is { Length: > 0 } given ? given : file.Listen is { Count: > 0 } listen ? listen : defaults.Urls,
            // A folder of its own would give each of many gateways a cap of its own.
            Store = file.Store is { Postgres: not null } shared ? shared : result.GetValue(data) is { } folder ? StoreOptions.InFolder(folder) : file.Store ?? defaults.Store,
            ApiKeys = [.. file.ApiKeys, .. keys],
            ContextLength = result.GetValue(context),
            KvTokens = result.GetValue(kvTokens),
            Threads = result.GetValue(threads),
            Affinity = Processors(result, faults) ?? file.Affinity,
            AdapterFolders = result.GetValue(adapterFolder) is { Length: > 0 } folders ? folders : file.AdapterFolders,
            LlamaLibraries = result.GetValue(llamaLibraries) ?? file.LlamaLibraries,
            QueueCapacity = result.GetValue(queue) ?? defaults.QueueCapacity,
            Policy = PolicyOf(result) ?? file.Policy ?? defaults.Policy,
            TenantWeights = file.TenantWeights,
            Tenants = file.Tenants,
            Prices = file.Prices,
            Unpriced = file.Unpriced,
            Admin = file.Admin,
            Targets = file.Targets,
            Routes = file.Routes,
            Retries = file.Retries ?? defaults.Retries,
            KeepDecisions = file.KeepDecisions ?? defaults.KeepDecisions,
            MaxBodyBytes = result.GetValue(maxBody),
            DrainLimit = TimeSpan.FromSeconds(result.GetValue(drain)),
        };
        faults.AddRange(ServeOptionsValidator.Validate(options));
        return options;
    }

    /// <summary>The model that comes with Penstock.</summary>
    public static ModelOptions Embedded() => new(EmbeddedModel.Find()
        ?? throw new CommandException("pebble.gguf, the model that comes with Penstock, is not beside the program. Name a model: --model file.gguf"));

    private SchedulingPolicy? PolicyOf(ParseResult result) => result.GetValue(policy) is { } name ? PolicyNames.Find(name) : null;

    private IReadOnlyList<int>? Processors(ParseResult result, List<OptionFault> faults)
    {
        if (result.GetValue(affinity) is not { } list)
            return null;
        if (ProcessorList.Parse(list) is { } processors)
            return processors;
        faults.Add(new("--affinity", list, ProcessorList.Rule, ProcessorList.Remedy));
        return null;
    }

    // What is given here wins over what the file says of a model.
    private ModelOptions Overridden(ModelOptions model, ParseResult result) => model with
    {
        Runner = result.GetValue(runner) ?? model.Runner,
        KvType = result.GetValue(kvType) is { } type ? KvTypeNames.Find(type) : model.KvType,
        AdapterType = result.GetValue(adapterType) is { } kept ? AdapterTypeNames.Find(kept) : model.AdapterType,
        Scheduling = model.Scheduling with
        {
            Policy = PolicyOf(result) ?? model.Scheduling.Policy,
            QueueCapacity = result.GetValue(queue) ?? model.Scheduling.QueueCapacity,
        },
    };

    // name=path, unless the whole is a file whose name has an equals sign in it.
    private static ModelOptions Model(string text, List<OptionFault> faults)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0 || File.Exists(text))
            return new(text);

        var (name, path) = (text[..at], text[(at + 1)..]);
        if (!name.Contains('/', StringComparison.Ordinal))
            return new(path, name);
        if (File.Exists(path))
            faults.Add(new("--model", $"the name \"{name}\" has a '/'", "names have none, so that they are told from paths", $"Write --model {name[(name.LastIndexOf('/') + 1)..]}={path}."));
        return new(text);
    }

    private static string ReadText(string path, string option)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{option} {path} cannot be read: {exception.Message}", ExitCode.WrongUsage);
        }
    }
}
