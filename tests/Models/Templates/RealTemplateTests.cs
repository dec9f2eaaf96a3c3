using Penstock.Contracts.Errors;
using Penstock.Models.Templates;
using Penstock.Tests.Support;

namespace Penstock.Models.Tests.Templates;

/// <summary>Templates of real models, against the recorded answers of the reference renderers (compared by digest).</summary>
public sealed class RealTemplateTests
{
    /// <summary>
    /// Python's answers that are not ours. The first two print lists and mappings, which the reference dialect prints as JSON; in the
    /// others Python takes the schema's key <c>items</c> for the method of that name and prints <c>Union[]</c>.
    /// </summary>
    private static readonly HashSet<(string File, string Case)> OtherThanPython =
    [
        ("ByteDance-Seed-OSS.jinja", "tool-calls-parallel"),
        ("openbmb-MiniCPM5-1B.jinja", "tool-calls-parallel"),
        .. new[] { "tools", "tool-call", "tool-calls-parallel" }.SelectMany(name => new[]
        {
            ("NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use.jinja", name),
            ("NousResearch-Hermes-3-Llama-3.1-8B-tool_use.jinja", name),
        }),
    ];

    public static TheoryData<string> Files => [.. Oracle.Real.EnumerateObject().Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Render_RealTemplate_GivesTheRecordedAnswer(string file)
    {
        var template = ChatTemplate.Parse(File.ReadAllText(TestData.Path("chat-templates", file)), file).OrThrow();
        foreach (var (name, input) in Oracle.Cases.Where(example => !OtherThanPython.Contains((file, example.Name))))
        {
            var answer = Oracle.Real.GetProperty(file).GetProperty(name);
            var outcome = template.Render(input);

            Assert.True(Oracle.Accepts(answer, outcome), $"{name}: {answer}\n{outcome.Value?.Text ?? outcome.Error!.Message}");
            Assert.True(outcome.Ok || outcome.Error.Code == ErrorCode.TemplateFailed);
        }
    }
}
