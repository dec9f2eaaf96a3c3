using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;

namespace Penstock.Cli.Serve;

/// <summary>The values of <c>--adapter</c>: <c>name=path</c>, or <c>model:name=path</c> where several models are served.</summary>
internal static class AdapterArguments
{
    /// <summary>The models, with the adapters that the command line gives them.</summary>
    public static IReadOnlyList<ModelOptions> Apply(IReadOnlyList<ModelOptions> models, IEnumerable<string> given, List<OptionFault> faults)
    {
        foreach (var text in given)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || at == text.Length - 1)
            {
                faults.Add(new("--adapter", text, "an adapter is name=path", "Write --adapter formal=formal-lora.gguf."));
                continue;
            }

            var (name, path) = (text[..at], text[(at + 1)..]);
            var colon = name.LastIndexOf(':');
            var owners = colon < 0 ? models : [.. models.Where(model => model.Name == name[..colon])];
            if (owners.Count != 1)
            {
                faults.Add(new("--adapter", text, "with several models the model's name stands before it", "Give the model a name, --model chat=path, and write --adapter chat:formal=path."));
                continue;
            }

            var adapter = new AdapterOptions(name[(colon + 1)..], path);
            models = [.. models.Select(model => model == owners[0] ? model with { Adapters = [.. model.Adapters, adapter] } : model)];
        }

        return models;
    }
}
