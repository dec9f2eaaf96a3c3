using System.CommandLine;
using System.Text.Json;
using Penstock.Cli.Output;
using Spectre.Console;

namespace Penstock.Cli.Engine;

/// <summary><c>penstock engine adapters</c>: lists, loads and unloads adapters of a running server.</summary>
internal sealed class AdaptersCommand
{
    private const string Path = "/engine/adapters";

    private readonly EngineServer server = new();
    private readonly Option<string?> model = new("--model") { Description = "The model. Default: the only one.", HelpName = "name" };
    private readonly Option<double?> scale = new("--scale") { Description = "For requests that name none. Default: 1.", HelpName = "number" };
    private readonly Argument<string> name = new("name") { Description = "What requests call it." };
    private readonly Argument<string> file = new("file") { Description = "A LoRA adapter in GGUF format, as the server finds it." };
    private readonly Option<bool> json = CommonOptions.Json();

    public static Command Create() => new AdaptersCommand().Build();

    private Command Build()
    {
        var list = new Command("list", "The adapters of each model.") { json };
        var load = new Command("load", "Load an adapter beside what runs.") { name, file, model, scale, json };
        var unload = new Command("unload", "Let an adapter go: it takes no more requests, those that run with it go on.") { name, model, json };
        list.SetAction((result, _) => RunAsync(result, HttpMethod.Get, Path, null, List));
        load.SetAction((result, _) => RunAsync(result, HttpMethod.Post, Path, Load(result), Line("is loaded")));
        unload.SetAction((result, _) => RunAsync(result, HttpMethod.Delete, Unload(result), null, Line("takes no more requests")));
        var command = new Command("adapters", "LoRA adapters of the models of a running server.") { list, load, unload };
        foreach (var each in new[] { list, load, unload })
        {
            foreach (var option in server.Options)
                each.Options.Add(option);
        }

        return command;
    }

    private async Task<int> RunAsync(ParseResult result, HttpMethod method, string path, object? body, Action<Terminal, JsonElement> show)
    {
        var terminal = Terminal.Of(result);
        using var interruption = new Interruption();
        using var http = server.Connect(result);
        var answer = await EngineServer.AskAsync(http, method, path, body, interruption.Token);
        if (result.GetValue(json))
            terminal.WriteJson(answer);
        else
            show(terminal, answer);
        return ExitCode.Done;
    }

    private Dictionary<string, object> Load(ParseResult result)
    {
        var body = new Dictionary<string, object>
        {
            ["name"] = result.GetRequiredValue(name),
            ["path"] = System.IO.Path.GetFullPath(result.GetRequiredValue(file)),
        };
        if (result.GetValue(model) is { } owner)
            body["model"] = owner;
        if (result.GetValue(scale) is { } factor)
            body["scale"] = factor;
        return body;
    }

    private string Unload(ParseResult result) =>
        $"{Path}/{Uri.EscapeDataString(result.GetRequiredValue(name))}{(result.GetValue(model) is { } owner ? $"?model={Uri.EscapeDataString(owner)}" : "")}";

    private static void List(Terminal terminal, JsonElement answer)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var title in (string[])["adapter", "scale", "rank", "parameters", "requests", ""])
            table.AddColumn(title);
        foreach (var adapter in answer.GetProperty("adapters").EnumerateArray())
        {
            table.AddRow(
                Markup.Escape($"{adapter.GetProperty("model").GetString()}:{adapter.GetProperty("name").GetString()}"),
                $"{adapter.GetProperty("scale").GetDouble():0.###}",
                $"{adapter.GetProperty("rank").GetInt32()}",
                Amount.Count(adapter.GetProperty("parameters").GetInt64()),
                $"{adapter.GetProperty("requests").GetInt32()}",
                adapter.GetProperty("leaving").GetBoolean() ? "leaving" : "");
        }

        terminal.Results.Write(table);
    }

    private static Action<Terminal, JsonElement> Line(string what) => (terminal, answer) =>
        terminal.WriteLine($"{answer.GetProperty("model").GetString()}:{answer.GetProperty("name").GetString()} {what}.");
}
