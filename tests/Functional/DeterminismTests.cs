using System.Text.Json.Nodes;
using Penstock.Cli;
using Penstock.Cli.Output;
using Penstock.Functional.Tests.Hosting;
using Penstock.Ledger;

namespace Penstock.Functional.Tests;

/// <summary><c>penstock lab determinism</c> against the real server with pebble on too little KV.</summary>
public sealed class DeterminismTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("0.8")]
    public async Task Determinism_OnTheCpuEngineInACrowd_OneDistinctAnswer(string temperature)
    {
        await using var server = new PebbleServer();
        server.Options.KvTokens = 1024;
        await server.InitializeAsync();
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        string[] arguments =
        [
            "lab", "determinism", "--url", $"{server.Address}", "--n", "30", "--load", "mixed", "--deterministic", "true", "--temperature", temperature, "--seed", "7",
            "--output-tokens", "40", "--neighbour-prompt-tokens", "300", "--cost-rounds", "1", "--json",
        ];

        var exitCode = await PenstockCommand.RunAsync(arguments, output, error);

        Assert.True(exitCode == ExitCode.Done, error.ToString());
        var report = JsonNode.Parse(output.ToString())!;
        Assert.Equal((30, 1, 1), ((int)report["n"]!, (int)report["distinct"]!, (int)report["distinct_receipts"]!));
        Assert.Null(report["first_divergence_token"]);
        Assert.True((int)report["crowd"]!["preemptions"]! > 0, output.ToString());
        using var reader = LedgerReader.Open(server.LedgerFile);
        Assert.Empty(LedgerAudit.Run(reader).Violations);
    }
}
