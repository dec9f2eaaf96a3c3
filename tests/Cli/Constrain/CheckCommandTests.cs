using System.Text.Json.Nodes;
using Penstock.Cli.Output;

namespace Penstock.Cli.Tests.Constrain;

public sealed class CheckCommandTests : IDisposable
{
    private readonly CommandLine folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Check_SchemaThatIsEnforced_TellsEachKeyword()
    {
        var path = Write("""{"title": "t", "type": "array", "uniqueItems": true, "items": {"type": "string", "format": "no-such-format"}}""");

        var (exitCode, output, _) = await CommandLine.RunAsync("constrain", "check", path, "--json");

        Assert.Equal(ExitCode.Done, exitCode);
        var report = JsonNode.Parse(output)!;
        Assert.True((bool)report["ok"]!);
        var keywords = report["keywords"]!.AsArray().ToDictionary(use => (string)use!["pointer"]!, use => (string)use!["treatment"]!);
        Assert.Equal("annotation", keywords["#/title"]);
        Assert.Equal("enforced", keywords["#/type"]);
        Assert.Equal("checked_at_end", keywords["#/uniqueItems"]);
        Assert.Equal("annotation", keywords["#/items/format"]);
    }

    [Fact]
    public async Task Check_ReferenceToAnotherHost_IsRefusedByPointerWithExitCode1()
    {
        var path = Write("""{"properties": {"a": {"$ref": "https://example.com/schema.json"}}}""");

        var (exitCode, output, _) = await CommandLine.RunAsync("constrain", "check", path, "--json");

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Equal("#/properties/a/$ref", (string)JsonNode.Parse(output)!["pointer"]!);
    }

    [Fact]
    public async Task Check_ForPeople_EndsWithTheVerdict()
    {
        var (exitCode, output, _) = await CommandLine.RunAsync("constrain", "check", Write("""{"type": "integer"}"""));

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains("Enforced.", output);
    }

    [Fact]
    public async Task Check_FileThatIsNoJson_SaysSo()
    {
        var (exitCode, _, error) = await CommandLine.RunAsync("constrain", "check", Write("{"));

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("is not JSON", error);
    }

    private string Write(string schema)
    {
        var path = folder.File("schema.json");
        File.WriteAllText(path, schema);
        return path;
    }
}
