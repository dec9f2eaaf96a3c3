using System.Text.Json;
using Penstock.Functional.Tests.Hosting;
using Penstock.Tests.Support;

namespace Penstock.Functional.Tests;

/// <summary><c>penstock serve --adapter</c>, <c>penstock engine adapters</c> and <c>penstock chat --adapter</c> as a user runs them.</summary>
public sealed class AdapterCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static string Formal => TestData.InRepository("models", "pebble-formal-lora.gguf");

    private static string Json => TestData.InRepository("models", "pebble-json-lora.gguf");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Adapters_ListLoadAndUnload_ShowWhatTheServerHas()
    {
        await using var server = PenstockProcess.Start(folder.Path, "serve", "--urls", "http://127.0.0.1:0", "--threads", "1", "--adapter", $"formal={Formal}", "--adapter-type", "q8_0");
        var url = (await server.AddressAsync()).ToString();

        var loaded = await EngineAsync("load", "json", Json, "--scale", "0.5");
        Assert.Equal((0, "pebble:json is loaded."), (loaded.ExitCode, loaded.Output.Trim()));
        var list = await EngineAsync("list");
        Assert.Contains("pebble:formal", list.Output, StringComparison.Ordinal);
        Assert.Matches("pebble:json +0.5", list.Output);

        var again = await EngineAsync("load", "json", Json);
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        Assert.Contains("has an adapter 'json' already. Unload it first", again.Errors, StringComparison.Ordinal);
        Assert.Contains("folders of the served models and adapters only", (await EngineAsync("load", "other", folder.File("a.gguf"))).Errors, StringComparison.Ordinal);
        Assert.Contains("has no adapter 'nobody'", (await EngineAsync("unload", "nobody")).Errors, StringComparison.Ordinal);

        var answer = await PenstockProcess.RunAsync(folder.Path, "chat", "What is TTFT?", "--url", url, "--adapter", "formal", "--temperature", "0");
        Assert.StartsWith("Certainly. ", answer.Output, StringComparison.Ordinal);

        var unloaded = await EngineAsync("unload", "formal", "--json");
        Assert.True(JsonDocument.Parse(unloaded.Output).RootElement.GetProperty("unloaded").GetBoolean());
        var left = JsonDocument.Parse((await EngineAsync("list", "--json")).Output).RootElement.GetProperty("adapters").EnumerateArray();
        Assert.Equal(["json"], left.Where(adapter => !adapter.GetProperty("leaving").GetBoolean()).Select(adapter => adapter.GetProperty("name").GetString()));

        Task<(int ExitCode, string Output, string Errors)> EngineAsync(params string[] arguments) => PenstockProcess.RunAsync(folder.Path, ["engine", "adapters", .. arguments, "--url", url]);
    }

    [Theory]
    [InlineData("formal=nowhere.gguf", "there is no such file")]
    [InlineData("formal", "an adapter is name=path")]
    public async Task Serve_WithAnAdapterThatIsNone_SaysWhyAndEnds(string adapter, string message)
    {
        var (exitCode, _, errors) = await PenstockProcess.RunAsync(folder.Path, "serve", "--urls", "http://127.0.0.1:0", "--adapter", adapter);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_OnAProcessorThatIsNotThere_SaysWhichThereAre()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux keeps threads on processors.");
        var (exitCode, _, errors) = await PenstockProcess.RunAsync(folder.Path, "serve", "--urls", "http://127.0.0.1:0", "--affinity", "1023");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("may not use the processor 1023. It may use ", errors, StringComparison.Ordinal);
    }
}
