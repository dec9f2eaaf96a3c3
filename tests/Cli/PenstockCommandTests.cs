using System.CommandLine;

namespace Penstock.Cli.Tests;

public sealed class PenstockCommandTests
{
    [Theory]
    [InlineData()]
    [InlineData("--help")]
    [InlineData("models", "--help")]
    [InlineData("--version")]
    public async Task Run_AskingForHelp_AnswersOnStandardOutput(params string[] args)
    {
        var (exitCode, output, error) = await CommandLine.RunAsync(args);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.NotEmpty(output);
    }

    [Theory]
    [InlineData("There is no command \"penstock modles\"", "modles")]
    [InlineData("There is no command \"penstock models inspekt\"; there are list, inspect, random, quantize.", "models", "inspekt", "f.gguf")]
    [InlineData("Required argument missing", "models", "inspect")]
    [InlineData("Unrecognized command or argument '--jason'", "models", "inspect", "f.gguf", "--jason")]
    [InlineData("Commands:", "models")]
    [InlineData("--model: the value is empty", "serve", "--model", "")]
    [InlineData("--config: the value is empty", "serve", "--config", "")]
    [InlineData("file: the value is empty", "models", "inspect", "")]
    [InlineData("--out: the value is empty", "models", "random", "--parameters", "5M", "--out", "")]
    [InlineData("--queue: \"x\" is not a whole number", "serve", "--queue", "x")]
    [InlineData("Argument 'lifo' not recognized", "serve", "--policy", "lifo")]
    [InlineData("--seed: \"-1\" is not a whole number", "models", "random", "--parameters", "5M", "--out", "f", "--seed", "-1")]
    [InlineData("--count: \"99999999999\" is not a whole number", "ledger", "tail", "-n", "99999999999")]
    [InlineData("--cancel-rate: \"x\" is not a number", "bench", "load", "--url", "u", "--cancel-rate", "x", "--rate", "1")]
    [InlineData("--rate must be a number over 0", "bench", "load", "--url", "u", "--rate", "1e400")]
    [InlineData("--max-tokens: \"many\" is not a whole number", "chat", "--max-tokens", "many")]
    [InlineData("is the file to read", "models", "quantize", "a.gguf", "./a.gguf", "Q8_0")]
    public async Task Run_WrongUsage_ExitsWithTwoAndSaysWhy(string expected, params string[] args)
    {
        var (exitCode, output, error) = await CommandLine.RunAsync(args);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(expected, error);
    }

    [Fact]
    public void Create_EveryCommand_IsDescribed()
    {
        Assert.All(Descendants(PenstockCommand.Create()), command => Assert.EndsWith(".", command.Description!));
        Assert.All(
            Descendants(PenstockCommand.Create()).SelectMany(command => command.Options.Concat<Symbol>(command.Arguments)).Where(symbol => !symbol.Hidden),
            symbol => Assert.False(string.IsNullOrEmpty(symbol.Description), symbol.Name));

        static IEnumerable<Command> Descendants(Command command) => command.Subcommands.SelectMany(Descendants).Append(command);
    }
}
