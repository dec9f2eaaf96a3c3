using System.Text.Json.Nodes;
using Penstock.Cli.Output;
using Penstock.Tools.StandIn;

namespace Penstock.Cli.Tests.Front;

public sealed class CheckCommandTests : IDisposable
{
    private readonly CommandLine folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Check_TargetsThatDoAndDoNotAnswer_SaysWhichAndWhy()
    {
        await using var standIn = await StandInServer.StartAsync();
        var config = Write($$"""
            targets:
              - { name: good, kind: openai, base_url: "{{standIn.BaseUrl}}", models: ["mock-*"] }
              - { name: down, kind: openai, base_url: "http://127.0.0.1:9/v1", models: [m] }
              - { name: locked, kind: openai, base_url: "{{standIn.BaseUrl}}", models: [mock-wrong-key] }
              - { name: keyless, kind: openai, base_url: "{{standIn.BaseUrl}}", models: [m], credential: { env: PENSTOCK_TEST_NO_SUCH_KEY } }
              - { name: strange, kind: openai, base_url: "{{standIn.BaseUrl}}", models: ["no-such-*"] }
            """);

        var (exitCode, output, error) = await CommandLine.RunAsync("front", "check", "--config", config, "--json");

        Assert.Equal((ExitCode.Failed, ""), (exitCode, error));
        var targets = JsonNode.Parse(output)!["targets"]!.AsArray().ToDictionary(target => (string)target!["name"]!, target => target!);
        Assert.True((bool)targets["good"]["ok"]!);
        Assert.Equal(["models", "chat", "chat_stream", "completions", "embeddings", "responses"], targets["good"]["surfaces"]!.AsArray().Select(surface => (string)surface!));
        Assert.Equal("mock-instant", (string)targets["good"]["model"]!);
        Assert.Null(targets["good"]["problem"]);
        Assert.Contains("no connection", (string)targets["down"]["problem"]!);
        Assert.Contains("does not accept the credential", (string)targets["locked"]["problem"]!);
        Assert.Contains("PENSTOCK_TEST_NO_SUCH_KEY", (string)targets["keyless"]["problem"]!);
        Assert.Contains("none that the target's models fit", (string)targets["strange"]["problem"]!);
        Assert.All(targets.Where(target => target.Key != "good"), target => Assert.False((bool)target.Value["ok"]!));
    }

    [Theory]
    [InlineData("mock-instant")]
    [InlineData("mock-refuses-max-tokens")]
    public async Task Check_AllAnswer_ExitsWithZero(string model)
    {
        await using var standIn = await StandInServer.StartAsync();
        var config = Write($$"""targets: [{ name: good, kind: openai, base_url: "{{standIn.BaseUrl}}", models: [{{model}}] }]""");

        var (exitCode, output, _) = await CommandLine.RunAsync("front", "check", "--config", config);

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains("chat_stream", output);
    }

    [Fact]
    public async Task Check_NoTargetsOrFaults_IsWrongUsage()
    {
        var (exitCode, _, error) = await CommandLine.RunAsync("front", "check", "--config", Write("listen: http://127.0.0.1:0"));
        Assert.Equal(ExitCode.WrongUsage, exitCode);
        Assert.Contains("has no targets", error);

        (exitCode, _, error) = await CommandLine.RunAsync("front", "check", "--config", Write("targets: [{ name: a/b, kind: what, base_url: \"ftp://user:pw@x\" }]"));
        Assert.Equal(ExitCode.WrongUsage, exitCode);
        Assert.Contains("targets[0].kind: what", error);
        Assert.Contains("targets[0].models: none", error);
        Assert.DoesNotContain("pw", error);
    }

    private string Write(string yaml)
    {
        var path = folder.File("penstock.yaml");
        File.WriteAllText(path, yaml);
        return path;
    }
}
