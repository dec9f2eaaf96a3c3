using Penstock.Cli.Output;
using Penstock.Gateway.Hosting;

namespace Penstock.Cli.Serve;

/// <summary>What a user reads when the server is ready: where it is, what it serves, a request that works, how to stop it.</summary>
internal static class Banner
{
    public static void Write(TextWriter output, string address, ServeOptions options, ServerParts parts, Uri? admin)
    {
        output.WriteLine($"Penstock listens on {address}");
        output.WriteLine();
        foreach (var model in parts.Models)
        {
            var description = model.Target.Description;
            output.WriteLine($"  model        {description.Name}: {Amount.Count(model.Model.ParameterCount)} parameters, {description.ContextLength} tokens of context");
            if (model.Model.ContextLength is { } trained && description.ContextLength > trained)
                output.WriteLine($"  warning      it was trained for {trained} tokens of context; expect worse answers beyond those (--context)");
            output.WriteLine($"  fingerprint  {description.Fingerprint}");
        }

        foreach (var target in options.Targets)
            output.WriteLine($"  target       {target.Name}: {string.Join(", ", target.Models)} at {target.BaseUrl}");

        if (admin is not null)
            output.WriteLine($"  admin        {admin}");

        output.WriteLine($"  ledger       {parts.Store.Place}{(parts.Store.Interrupted > 0 ? $" ({Interrupted(parts.Store.Interrupted)} interrupted)" : "")}");
        output.WriteLine();
        output.WriteLine("Try it:");
        output.WriteLine($"  {Curl(address, options, parts)}");
        output.WriteLine();
        output.WriteLine($"Ctrl+C stops: running requests may finish for {options.DrainLimit.TotalSeconds:0} s, a second Ctrl+C ends them.");
    }

    private static string Interrupted(int requests) => requests == 1 ? "1 request of an earlier run was" : $"{requests} requests of an earlier run were";

    private static string Curl(string address, ServeOptions options, ServerParts parts)
    {
        var model = parts.Models.Count > 0 ? parts.Models[0] : null;
        var key = options.ApiKeys.Count == 0 ? "" : " -H \"authorization: Bearer $KEY\"";
        var reachable = address.Replace("[::]", "127.0.0.1", StringComparison.Ordinal).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
        // A pattern is no model that could be asked.
        if ((model?.Target.Description.Name ?? parts.Upstream.Names.FirstOrDefault(one => !one.Contains('*', StringComparison.Ordinal))) is not { } known)
            return $"curl {reachable}/v1/models{key}";

        var name = System.Text.Json.JsonSerializer.Serialize(known).Replace("'", "\\u0027", StringComparison.Ordinal);
        return model?.Warning is null
            ? $"curl {reachable}/v1/chat/completions{key} -H 'content-type: application/json' -d '{{\"model\":{name},\"messages\":[{{\"role\":\"user\",\"content\":\"What is TTFT?\"}}]}}'"
            : $"curl {reachable}/v1/completions{key} -H 'content-type: application/json' -d '{{\"model\":{name},\"prompt\":\"Hello\"}}'";
    }
}
