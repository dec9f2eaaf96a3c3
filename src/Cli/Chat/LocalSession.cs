using Microsoft.Extensions.AI;
using Penstock.Cli.Serve;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.InProcess;

namespace Penstock.Cli.Chat;

/// <summary>A model that runs in this process.</summary>
internal sealed class LocalSession : IChatSession
{
    private const string Adapter = "adapter";

    private const string EmbeddedIntroduction =
        "This is a tiny demo model that knows a few closed tasks. It can answer: What is TTFT? | What is 345 + 678? | Reverse this list: sun moon tree";

    private readonly LocalModel model;
    private readonly LastRecord records = new();

    private LocalSession(LocalModel model, string? introduction, AdapterSelection? adapter)
    {
        (this.model, Introduction) = (model, introduction);
        Client = new PenstockChatClient(model.Target, records, adapter: adapter);
    }

    public IChatClient Client { get; }

    public string Model => model.Target.Description.Name;

    public string? Introduction { get; }

    /// <summary>Loads a GGUF file, or the embedded model.</summary>
    /// <param name="path">The model.</param>
    /// <param name="adapter">A LoRA adapter for it, or null.</param>
    public static LocalSession Open(string? path, string? adapter)
    {
        var options = path is null ? ServeArguments.Embedded() : new ModelOptions(path);
        return new(
            LocalModel.Load(adapter is null ? options : options with { Adapters = [new AdapterOptions(Adapter, adapter)] }, new ServeOptions(), TimeProvider.System),
            path is null ? EmbeddedIntroduction : null,
            adapter is null ? null : new AdapterSelection(Adapter));
    }

    public AnswerCost LastCost(int received) => records.Value is { } record ? new(record.Tokens.Sampled, record.Tokens.DeliveredVisible) : default;

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return model.DisposeAsync();
    }
}
