using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Penstock.Cli.Output;
using Penstock.Cli.Tests.Bench;

namespace Penstock.Cli.Tests.Lab;

/// <summary><c>penstock lab determinism</c> against servers that are not ours.</summary>
public sealed class DeterminismCommandTests
{
    private int asked;

    [Fact]
    public async Task Determinism_AnswersThatDiffer_JsonSaysHowManyAndWhere()
    {
        await using var server = await StandInServer.StartAsync(http => AnswerAsync(http, Interlocked.Increment(ref asked) % 3 == 0 ? ["one", "three"] : ["one", "two"]));

        var (exitCode, output, error) = await CommandLine.RunAsync("lab", "determinism", "--url", server.Url, "--n", "6", "--load", "none", "--deterministic", "false", "--json");

        Assert.Equal(ExitCode.Done, exitCode);
        var report = JsonNode.Parse(output)!;
        Assert.Equal((6, 2, 1, "token"), ((int)report["n"]!, (int)report["distinct"]!, (int)report["first_divergence_token"]!, (string)report["unit"]!));
        Assert.InRange((double)report["agreement"]!, 0.5, 0.99);
        Assert.DoesNotContain("{", error);
    }

    [Fact]
    public async Task Determinism_PromisedAndBroken_ExitsWith1()
    {
        await using var server = await StandInServer.StartAsync(http => AnswerAsync(http, [$"{Interlocked.Increment(ref asked)}"]));

        var (exitCode, output, _) = await CommandLine.RunAsync("lab", "determinism", "--url", server.Url, "--n", "3", "--load", "none", "--deterministic", "true", "--cost-rounds", "0");

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("3 distinct of 3 answers", output);
        Assert.Contains("token 0", output);
    }

    [Fact]
    public async Task Determinism_InACrowd_ServerThatKnowsOnlyOpenAisFieldsIsNeverAskedOthers()
    {
        string[] foreign = ["ignore_eos", "receipt", "class", "cache_salt"];
        await using var server = await StandInServer.StartAsync(async http =>
        {
            var body = (await JsonNode.ParseAsync(http.Request.Body))!.AsObject();
            if (body.FirstOrDefault(field => foreign.Contains(field.Key)) is { Key: { } key })
            {
                http.Response.StatusCode = 400;
                await http.Response.WriteAsync($$$"""{"error":{"message":"Unrecognized request argument supplied: {{{key}}}"}}""");
                return;
            }

            await AnswerAsync(http, ["same"], (bool?)body["stream"] ?? false);
        });

        var (exitCode, output, _) = await CommandLine.RunAsync("lab", "determinism", "--url", server.Url, "--n", "20", "--load", "mixed", "--neighbours", "2", "--json");

        Assert.Equal(ExitCode.Done, exitCode);
        var report = JsonNode.Parse(output)!;
        Assert.Equal((20, 1, 1.0), ((int)report["n"]!, (int)report["distinct"]!, (double)report["agreement"]!));
        Assert.Null(report["first_divergence_token"]);
        Assert.Null(report["distinct_receipts"]);
        Assert.Equal(0, (int)report["crowd"]!["failed"]!);
    }

    [Fact]
    public async Task Determinism_ServerThatRefusesIt_SaysWhyInOneLine()
    {
        await using var server = await StandInServer.StartAsync(http =>
        {
            http.Response.StatusCode = 400;
            return http.Response.WriteAsync("""{"error":{"message":"'m' cannot promise it. Leave deterministic out."}}""");
        });

        var (exitCode, _, error) = await CommandLine.RunAsync("lab", "determinism", "--url", server.Url, "--n", "3", "--deterministic", "true", "--json");

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("HTTP 400: 'm' cannot promise it. Leave deterministic out.", error);
    }

    [Theory]
    [InlineData("--n", "1", "--n must be at least 2")]
    [InlineData("--load", "heavy", "'heavy'")]
    [InlineData("--leave-rate", "2", "--leave-rate must be")]
    [InlineData("--temperature", "NaN", "--temperature must be")]
    public async Task Determinism_ValuesOutOfRange_ExitWith2(string option, string value, string expected)
    {
        var (exitCode, _, error) = await CommandLine.RunAsync("lab", "determinism", option, value);

        Assert.Equal(ExitCode.WrongUsage, exitCode);
        Assert.Contains(expected, error);
    }

    private static async Task AnswerAsync(HttpContext http, string[] tokens, bool? stream = null)
    {
        if (stream ?? (bool?)(await JsonNode.ParseAsync(http.Request.Body))!["stream"] ?? false)
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var token in tokens)
                await StandInServer.EventAsync(http, $$"""{"choices":[{"index":0,"delta":{"content":"{{token}} "},"logprobs":{{LogProbs([token])}},"finish_reason":null}]}""");
            await StandInServer.EventAsync(http, """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
            await StandInServer.EventAsync(http, "[DONE]");
            return;
        }

        await http.Response.WriteAsync($$"""{"choices":[{"index":0,"message":{"content":"{{string.Concat(tokens.Select(token => token + " "))}}"},"logprobs":{{LogProbs(tokens)}},"finish_reason":"stop"}]}""");
    }

    private static string LogProbs(string[] tokens) => JsonSerializer.Serialize(new { content = tokens.Select(token => new { token, logprob = -1.0 }) });
}
