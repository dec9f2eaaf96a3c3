using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Engine.Constraining;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Constraining;

/// <summary>The time of one request is one, however many constraints it asks for.</summary>
public sealed class CompileTimeTests
{
    private const int Tools = 8;

    [Fact]
    public void Tools_TogetherMoreThanTheTime_LastAreNotEnforcedAndSaySo()
    {
        var notices = new List<string>();
        var compiler = Compiler();

        var tools = compiler.Tools(Request(Tools, strict: false), compiler.Begin(), notices);

        Assert.True(tools.Ok);
        Assert.Equal(Tools, tools.Value.Count);
        Assert.InRange(notices.Count, 1, Tools - 1);
        Assert.Contains($"tool {Tools - 1} ", notices[^1]);
        Assert.All(notices, notice => Assert.Contains("longer than 1 s", notice));
    }

    [Fact]
    public void Tools_StrictOnesTogetherMoreThanTheTime_AreRefusedByNameOfTheFirstPastIt()
    {
        var compiler = Compiler();

        var tools = compiler.Tools(Request(Tools, strict: true), compiler.Begin(), []);

        Assert.False(tools.Ok);
        Assert.StartsWith("tools[", tools.Error.Param);
        Assert.DoesNotContain("tools[0]", tools.Error.Param);
    }

    [Fact]
    public void Tools_EachInARequestOfItsOwn_AreEnforced()
    {
        var notices = new List<string>();
        var compiler = Compiler();

        for (var i = 0; i < Tools; i++)
        {
            Assert.True(compiler.Tools(Request(1, strict: true), compiler.Begin(), notices).Ok);
        }

        Assert.Empty(notices);
    }

    private static InferenceRequest Request(int tools, bool strict) => Requests.Completion("") with
    {
        Kind = RequestKind.Chat,
        Inputs = [],
        Tools = [.. Enumerable.Range(0, tools).Select(i => Tool($"t{i}", strict))],
    };

    private static ToolDefinition Tool(string name, bool strict)
    {
        var properties = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"{name}p{i}\":{{\"type\":\"string\",\"maxLength\":{i + 5}}}"));
        return new ToolDefinition(name, JsonDocument.Parse(
            $"{{\"type\":\"function\",\"function\":{{\"name\":\"{name}\",\"strict\":{(strict ? "true" : "false")},\"parameters\":{{\"type\":\"object\",\"properties\":{{{properties}}}}}}}}}").RootElement);
    }

    // Three of the eight tools fit into the second, however often a compile looks at the clock.
    private static ContentCompiler Compiler()
    {
        var counting = new ClockOfLooks(frequency: long.MaxValue);
        var compiler = new ContentCompiler(counting);
        Assert.True(compiler.Tools(Request(1, strict: true), compiler.Begin(), []).Ok);
        return new ContentCompiler(new ClockOfLooks(frequency: 3 * counting.Looks));
    }

    /// <summary>Time passes only by looking: <paramref name="frequency"/> looks are a second.</summary>
    private sealed class ClockOfLooks(long frequency) : TimeProvider
    {
        public long Looks { get; private set; }

        public override long TimestampFrequency => frequency;

        public override long GetTimestamp() => ++Looks;
    }
}
