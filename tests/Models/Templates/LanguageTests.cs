using Penstock.Models.Templates;

namespace Penstock.Models.Tests.Templates;

/// <summary>Small templates of our own, one subject each, against the recorded answers of the reference renderers.</summary>
public sealed class LanguageTests
{
    public static TheoryData<string> Files => [.. Oracle.Language.EnumerateObject().Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Render_LanguageTemplate_GivesTheRecordedAnswer(string file)
    {
        var answer = Oracle.Language.GetProperty(file);
        var outcome = ChatTemplate.Parse(Oracle.LanguageTemplate(file), file).OrThrow().Render(Oracle.LanguageInput);

        Assert.True(Oracle.Accepts(answer, outcome), $"{answer}\n{outcome.Value?.Text ?? outcome.Error!.Message}");
    }
}
