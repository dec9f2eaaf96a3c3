using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Engine.Running;
using Penstock.Engine.Serving;
using Penstock.Engine.Serving.Status;
using Penstock.Engine.Simulation;
using Penstock.Gateway.Hosting;
using Penstock.Ledger;
using Penstock.Ledger.Budgets;
using Penstock.Models.Gguf;
using Penstock.Models.Templates;
using Penstock.Models.Tokenization;

namespace Penstock.Functional.Tests.Hosting;

/// <summary>Gateway, engine and ledger as they are, with pebble's tokenizer and a simulated runner: what costs no computing can be asked thousands of times.</summary>
internal sealed class SimulatedServer : IAsyncDisposable
{
    // ChatML, with the tools in front.
    private static readonly ChatTemplate Template = ChatTemplate.Parse(
        "{% if tools %}{{ tools | tojson }}{% endif %}{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + (message['content'] or '') + '<|im_end|>\\n' }}{% endfor %}<|im_start|>assistant\n",
        "simulated").OrThrow();

    private const int ContextLength = 256;

    private readonly TemporaryFolder data = new();
    private readonly GgufFile file = GgufFile.Open(PebbleServer.Pebble);
    private WebApplication? app;
    private LocalTarget? target;
    private SqliteLedger? ledger;

    /// <summary>Completes when the server knows that a client of the path has left, and has told the engine.</summary>
    public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HttpClient Client { get; private set; } = null!;

    /// <param name="wrap">Puts a runner around the simulated one.</param>
    /// <param name="maxRunning">Sequences that run at the same time; the simulated runner has 16.</param>
    /// <param name="blocks">KV blocks of 16 tokens.</param>
    /// <param name="configure">Tenants, keys, limits.</param>
    public static async Task<SimulatedServer> StartAsync(Func<IModelRunner, IModelRunner>? wrap = null, int maxRunning = 64, int blocks = 256, Action<ServeOptions>? configure = null)
    {
        var server = new SimulatedServer();
        await server.OpenAsync(wrap ?? (runner => runner), maxRunning, blocks, configure);
        return server;
    }

    /// <summary>Who may spend how much.</summary>
    public SqliteBudgetStore Budgets { get; private set; } = null!;

    /// <summary>What the engine is doing.</summary>
    public EngineStatus Status => target!.Status;

    public Task<HttpResponseMessage> PostAsync(string path, byte[] body, CancellationToken cancellationToken = default) => Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } },
        HttpCompletionOption.ResponseHeadersRead,
        cancellationToken);

    public Task<HttpResponseMessage> PostAsync(string path, string body, CancellationToken cancellationToken = default) => PostAsync(path, Encoding.UTF8.GetBytes(body), cancellationToken);

    /// <summary>Stops the server, so that all records are written, and audits them.</summary>
    public async Task<AuditReport> StopAndAuditAsync()
    {
        using var reader = await StopAndReadAsync();
        return LedgerAudit.Run(reader);
    }

    /// <summary>Stops the server, so that all records are written, and opens what it wrote.</summary>
    public async Task<LedgerReader> StopAndReadAsync()
    {
        await StopAsync();
        return LedgerReader.Open(data.File(LedgerOptions.DefaultFileName));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        file.Dispose();
        data.Dispose();
    }

    private async Task OpenAsync(Func<IModelRunner, IModelRunner> wrap, int maxRunning, int blocks, Action<ServeOptions>? configure)
    {
        var tokenizer = TokenizerFactory.FromGguf(file);
        var runner = wrap(new SimulatedRunner(new SimulatedRunnerOptions { VocabularySize = tokenizer.VocabularySize, ContextLength = ContextLength, MaxRows = 64, MaxSequences = 16, TotalBlocks = blocks }));
        target = new LocalTarget(
            new LocalTargetOptions
            {
                Description = new() { Name = "simulated", Owner = "test", ContextLength = ContextLength, Since = DateTimeOffset.UnixEpoch },
                Engine = new EngineOptions { DefaultOutputTokens = 8, Seed = 1, MaxRunning = maxRunning },
            },
            runner,
            tokenizer,
            Template,
            TimeProvider.System);
        ledger = await SqliteLedger.OpenAsync(LedgerOptions.InFolder(data.Path), TimeProvider.System);
        var options = new ServeOptions { Urls = ["http://127.0.0.1:0"], MaxBodyBytes = 4 << 20 };
        configure?.Invoke(options);
        Budgets = await SqliteBudgetStore.OpenAsync(ledger, options.BudgetTree, new BudgetOptions(), TimeProvider.System);
        app = PenstockServer.Build(options, [new ServedModel(target, tokenizer)], ledger, TimeProvider.System, Budgets);
        // Registered before the gateway's own registrations, and so called after them.
        app.Use(next => http =>
        {
            http.RequestAborted.Register(() => Left.TrySetResult());
            return next(http);
        });
        await app.StartAsync();
        await app.Services.GetRequiredService<Readiness>().Warm;
        Client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    private async Task StopAsync()
    {
        if (app is null)
        {
            return;
        }

        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await target!.DisposeAsync();
        await Budgets.DisposeAsync();
        await ledger!.DisposeAsync();
        app = null;
    }
}
