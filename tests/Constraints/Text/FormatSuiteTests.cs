using System.Text;
using System.Text.Json;
using Penstock.Constraints.Text;
using Penstock.Tests.Support;

namespace Penstock.Constraints.Tests.Text;

public sealed class FormatSuiteTests
{
    // Valid texts that the automata leave out, by format: A-labels (their Punycode is not checked, so none is taken), rare scripts of IDNA, and in
    // patterns what would have to be counted (names of groups).
    private static readonly Dictionary<string, int> LeftOut = new(StringComparer.Ordinal)
    {
        ["hostname"] = 15,
        ["idn-hostname"] = 19,
        ["regex"] = 2,
    };

    [Fact]
    public void Format_TextsOfTheSuite_NoneWronglyAcceptedAndFewLeftOut()
    {
        var folder = TestData.Path("json-schema-test-suite", "draft2020-12", "optional", "format");
        List<string> accepted = [];
        Dictionary<string, int> leftOut = new(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(folder, "*.json"))
        {
            using var groups = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var group in groups.RootElement.EnumerateArray())
            {
                if (!group.GetProperty("schema").TryGetProperty("format", out var format))
                    continue;

                var language = new LanguagePool(TextLimits.Default).Format(format.GetString()!);
                foreach (var test in group.GetProperty("tests").EnumerateArray())
                {
                    if (test.GetProperty("data") is not { ValueKind: JsonValueKind.String } data)
                        continue;

                    var matches = language.Matches(Encoding.UTF8.GetBytes(data.GetString()!));
                    if (matches && !test.GetProperty("valid").GetBoolean())
                        accepted.Add($"{format}: {test.GetProperty("description")} {data}");

                    if (!matches && test.GetProperty("valid").GetBoolean())
                        leftOut[format.GetString()!] = leftOut.GetValueOrDefault(format.GetString()!) + 1;
                }
            }
        }

        Assert.Empty(accepted);
        Assert.Equal(LeftOut.OrderBy(static p => p.Key), leftOut.OrderBy(static p => p.Key));
    }
}
