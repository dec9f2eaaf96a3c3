using System.Text.Json;

namespace Penstock.Cli.Tests.Plan;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly CommandLine files = new();
    private readonly string trace;
    private readonly string cost;

    public ReplayCommandTests()
    {
        (trace, cost) = (files.File("t.csv"), files.File("p.json"));
        File.WriteAllText(trace, "arrival_s,tenant,prompt_tokens,output_tokens\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{i % 2},50,20\n")));
        File.WriteAllText(cost, """{"kv_tokens": 1600, "seconds": {"step": 0.05, "prompt_token": 0.001}}""");
    }

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("fcfs")]
    [InlineData("vtc")]
    public async Task Replay_Json_HasEveryFieldThatScriptsRelyOn(string policy)
    {
        var (exitCode, output, _) = await CommandLine.RunAsync("plan", "replay", "--trace", trace, "--policy", policy, "--cost", cost, "--json");
        Assert.Equal(0, exitCode);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(60, report.GetProperty("requests").GetInt32());
        foreach (var path in (string[])["output_tokens_per_s", "total_tokens_per_s", "service_difference.max", "service_difference.mean", "accumulated_difference.max", "accumulated_difference.end", "ttft_s.mean", "ttft_s.p99", "ttft_s_by_tenant.1.mean", "prefix_hit_rate"])
        {
            var value = path.Split('.').Aggregate(report, (element, name) => element.GetProperty(name));
            Assert.Equal(JsonValueKind.Number, value.ValueKind);
        }
    }

    [Fact]
    public async Task Replay_ForPeople_ShowsTenants()
    {
        var (exitCode, output, error) = await CommandLine.RunAsync("plan", "replay", "--trace", trace, "--cost", cost);
        Assert.Equal(0, exitCode);
        Assert.Contains("60 requests of 2 tenants", output);
        Assert.Contains("A step takes 50 ms", error);
    }

    [Theory]
    [InlineData("--policy", "sjf")]
    [InlineData("--gap-target-ms", "0")]
    [InlineData("--trace", "missing.csv")]
    public async Task Replay_WrongUsage_ExitsWithTwo(string option, string value)
    {
        string[] args = ["plan", "replay", "--cost", cost, option, value];
        var (exitCode, output, error) = await CommandLine.RunAsync(option == "--trace" ? args : [.. args, "--trace", trace]);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task Replay_MalformedTrace_NamesTheLine()
    {
        await File.AppendAllTextAsync(trace, "61,a,1\n");
        var (exitCode, _, error) = await CommandLine.RunAsync("plan", "replay", "--trace", trace, "--cost", cost, "--json");
        Assert.Equal(1, exitCode);
        Assert.Contains("line 62", error);
    }
}
