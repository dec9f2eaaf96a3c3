using System.Text.Json;
using System.Xml.Linq;

namespace Penstock.Cli.Tests.Bench;

public class KernelsCommandTests
{
    [Fact]
    public async Task Kernels_OfASmallModel_ReportsEveryStepAndPlotsIt()
    {
        using var folder = new CommandLine();
        var (model, plot) = (folder.File("m.gguf"), folder.File("m.svg"));
        Assert.Equal(0, (await CommandLine.RunAsync("models", "random", "--parameters", "1M", "--type", "Q4_0", "--out", model)).ExitCode);

        var run = await CommandLine.RunAsync("bench", "kernels", "--model", model, "--threads", "1", "--plot", plot, "--depth", "1500", "--json");

        Assert.Equal(0, run.ExitCode);
        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal([1, 2, 4, 8, 16], report.RootElement.GetProperty("decode").EnumerateArray().Select(entry => entry.GetProperty("batch").GetInt32()));
        Assert.All(report.RootElement.GetProperty("prefill").EnumerateArray(), entry => Assert.True(entry.GetProperty("tokens_per_s").GetDouble() > 0));
        Assert.Equal([512, 1024], report.RootElement.GetProperty("depths").EnumerateArray().Select(entry => entry.GetProperty("depth").GetInt32()));
        Assert.All(report.RootElement.GetProperty("depths").EnumerateArray(), entry => Assert.True(entry.GetProperty("decode_ms").GetDouble() > 0 && entry.GetProperty("prompt_ms").GetDouble() > 0));
        Assert.True(report.RootElement.GetProperty("mixed").GetProperty("step_ms").GetDouble() > 0);
        Assert.Equal(9, XDocument.Load(plot).Descendants().Count(element => element.Name.LocalName == "circle"));
    }
}
