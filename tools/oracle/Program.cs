using System.CommandLine;
using Penstock.Tools.Oracle.Bench;
using Penstock.Tools.Oracle.Fixtures;
using Penstock.Tools.Oracle.Logits;
using Penstock.Tools.Oracle.Quantization;
using Penstock.Tools.Oracle.Tokens;

var libraries = new Option<string?>("--libraries") { Description = "Folder of llama.cpp's libraries", Recursive = true };
return new RootCommand("What llama.cpp answers: the oracle of Penstock's tests")
{
    libraries,
    TokensCommand.Create(libraries),
    SpeedCommand.Create(libraries),
    LogitsCommand.CreateLogits(libraries),
    LogitsCommand.CreatePerplexity(libraries),
    PerplexitiesCommand.Create(libraries),
    FixturesCommand.Create(libraries),
    CompareCommand.Create(libraries),
    BusyNeighbour.CreateCommand(),
    CodecsCommand.Create(libraries),
    QuantizersCommand.Create(libraries),
}.Parse(args).Invoke();
