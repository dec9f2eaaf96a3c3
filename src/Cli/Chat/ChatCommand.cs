using System.CommandLine;
using Microsoft.Extensions.AI;
using Penstock.Cli.Output;

namespace Penstock.Cli.Chat;

/// <summary><c>penstock chat</c>: talk to a model in the terminal, of this process or of a server.</summary>
public static class ChatCommand
{
    // What the server takes too.
    private const float HighestTemperature = 100;

    public static Command Create()
    {
        var prompt = new Argument<string[]>("prompt") { Description = "One question; its answer is printed and the command ends. Without it you can go on asking.", Arity = ArgumentArity.ZeroOrMore };
        var url = new Option<string?>("--url") { Description = "Any OpenAI-compatible server, such as http://127.0.0.1:8080. Without it the model runs in this process.", HelpName = "http://host:port" };
        var model = new Option<string?>("--model") { Description = "With --url the model's name (default: the first that the server lists), else a GGUF file (default: pebble).", HelpName = "name or file" };
        var adapter = new Option<string?>("--adapter") { Description = "A LoRA adapter: with --url one that the server has, by name, else a GGUF file.", HelpName = "name or file" };
        var system = new Option<string?>("--system") { Description = "A system message in front of the chat.", HelpName = "text" };
        var key = new Option<string?>("--api-key") { Description = "The key for --url. Default: the variable OPENAI_API_KEY.", HelpName = "key" };
        var maxTokens = new Option<int?>("--max-tokens") { Description = "Most tokens of an answer.", HelpName = "count" };
        var temperature = new Option<float?>("--temperature") { Description = "0 = always the likeliest token. Default: 1.", HelpName = "number" };
        maxTokens.Require(count => count >= 1, "at least 1");
        temperature.Require(number => number is >= 0 and <= HighestTemperature, $"a number from 0 to {HighestTemperature}");
        var command = new Command("chat", "Talk to a model in the terminal. Ctrl+C stops an answer, Ctrl+D ends.") { prompt, url, model, adapter, system, key, maxTokens, temperature };
        command.SetAction(async (result, _) =>
        {
            var configuration = result.InvocationConfiguration;
            var options = new ChatOptions { MaxOutputTokens = result.GetValue(maxTokens), Temperature = result.GetValue(temperature) };
            await using IChatSession session = result.GetValue(url) is { } server
                ? await RemoteSession.OpenAsync(server, result.GetValue(model), result.GetValue(adapter), result.GetValue(key) ?? Environment.GetEnvironmentVariable("OPENAI_API_KEY"))
                : LocalSession.Open(result.GetValue(model), result.GetValue(adapter));
            using var interrupt = new StopKey();
            var conversation = new Conversation(session, options, result.GetValue(system), interrupt, configuration.Output, configuration.Error);
            return result.GetValue(prompt) is { Length: > 0 } words
                ? await conversation.AskAsync(string.Join(' ', words))
                : await conversation.RunAsync(Console.In, Console.IsInputRedirected);
        });
        return command;
    }
}
