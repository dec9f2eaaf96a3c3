using Penstock.Contracts.Errors;
using Penstock.Models.Templates;

namespace Penstock.Models.Tests.Templates;

/// <summary>Templates that want more than they may have end in an error value, with little spent.</summary>
public sealed class HostileTemplateTests
{
    private static readonly TemplateLimits Tight = new() { Steps = 100_000, Characters = 1_000_000, OutputCharacters = 100_000 };

    public static TheoryData<string, string> Templates => new()
    {
        { "{% for i in range(1000000000) %}{% endfor %}", "steps" },
        { "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}", "steps" },
        { "{% set ns = namespace(s='ab') %}{% for i in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}", "characters" },
        { "{% set ns = namespace(s='ab') %}{% for i in range(64) %}{% set ns.s = ns.s | replace('a', ns.s) %}{% endfor %}", "characters" },
        { "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = ns.l + ns.l %}{% endfor %}", "steps" },
        { "{% set l = [1] %}{% for i in range(64) %}{% set _ = l.extend(l) %}{% endfor %}", "steps" },
        { "{{ 'x' | indent(2000000000, first=true) }}", "characters" },
        { "{{ {'a': [1]} | tojson(indent=2000000000) }}", "characters" },
        { "{{ 'x' * 2000000000 }}", "characters" },
        { "{{ [1, 2] | join('x' * 900000) }}{{ 'y' * 900000 }}", "characters" },
        { "{% for i in range(9999) %}0123456789 0123456789{% endfor %}", "longer than" },
        { "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "nested deeper" },
        { "{% set ns = namespace(l=[]) %}{% for i in range(2000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}", "nested deeper" },
        { "{% set ns = namespace(l=[]) %}{% for i in range(2000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l ~ '' }}", "nested deeper" },
        { "{% set ns = namespace() %}{% set ns.self = ns %}{{ ns }}", "nested deeper" },
        { "{% set l = [] %}{% set _ = l.append(l) %}{{ l | upper }}", "nested deeper" },
    };

    [Theory]
    [MemberData(nameof(Templates))]
    public void Render_TemplateBeyondALimit_FailsNamingIt(string source, string limit)
    {
        var template = ChatTemplate.Parse(source, "hostile", Tight).OrThrow();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = template.Render(Oracle.LanguageInput).Error;

        Assert.Equal(ErrorCode.TemplateFailed, error?.Code);
        Assert.Contains(limit, error!.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    [Theory]
    [InlineData("(", 100_000)]
    [InlineData("[", 100_000)]
    [InlineData("{'a':", 100_000)]
    [InlineData("not ", 100_000)]
    [InlineData("- ", 100_000)]
    [InlineData("a if ", 100_000)]
    public void Parse_DeepExpression_FailsNamingTheDepth(string piece, int times)
    {
        var error = ChatTemplate.Parse("{{ " + string.Concat(Enumerable.Repeat(piece, times)) + " }}", "deep").Error;

        Assert.Equal(ErrorCode.TemplateFailed, error?.Code);
    }

    [Theory]
    [InlineData(" + 1", 50_000)]
    [InlineData(".a", 50_000)]
    [InlineData("|safe", 50_000)]
    [InlineData("()", 50_000)]
    [InlineData(" is defined", 50_000)]
    public void Render_LongChain_FailsNamingTheDepth(string piece, int times)
    {
        var template = ChatTemplate.Parse("{{ 1" + string.Concat(Enumerable.Repeat(piece, times)) + " }}", "long").OrThrow();

        Assert.Contains("nested deeper", template.Render(Oracle.LanguageInput).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_DeepBlocks_FailsNamingTheDepth()
    {
        var error = ChatTemplate.Parse(string.Concat(Enumerable.Repeat("{% if a %}", 50_000)), "deep").Error;

        Assert.Contains("nested deeper", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SourceBeyondTheLimit_FailsNamingIt() =>
        Assert.Contains("at most 1048576", ChatTemplate.Parse(new string('x', 2_000_000), "long").Error!.Message, StringComparison.Ordinal);
}
