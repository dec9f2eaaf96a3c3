using FsCheck;
using FsCheck.Fluent;
using Penstock.Contracts.Errors;
using Penstock.Models.Templates;
using TestData = Penstock.Tests.Support.TestData;

namespace Penstock.Models.Tests.Templates;

/// <summary>Whatever the text of a template, an outcome comes back: no exception, no hang, no unbounded allocation.</summary>
public sealed class TemplateFuzzTests
{
    private static readonly TemplateLimits Tight = new() { Steps = 20_000, Characters = 200_000, OutputCharacters = 50_000, Depth = 64 };

    private static readonly string[] Pieces =
    [
        "{{", "}}", "{%", "%}", "{%-", "-%}", "{#", "#}", "{{-", "-}}", " ", "\n", "(", ")", "[", "]", "{", "}", ",", ".", ":", "|", "=", "==", "!=",
        "<", "+", "-", "~", "*", "**", "//", "%", "/", "'", "\"", "\\", "\\u00", "if", "elif", "else", "endif", "for", "in", "endfor", "set",
        "endset", "macro", "endmacro", "call", "endcall", "filter", "endfilter", "break", "continue", "generation", "endgeneration", "not", "and",
        "or", "is", "defined", "none", "true", "range(9)", "namespace(a=1)", "loop.index", "messages", "m", "x", "tojson", "join", "sort", "items",
        "upper", "replace", "split", "int", "default", "map", "selectattr", "caller()", "kwargs", "1", "2.5", "'a'", "[1, 2]", "{'k': 1}", "\ud800", "é", "😀",
    ];

    private static readonly Gen<string> Texts = Gen.ArrayOf(Gen.Elements(Pieces)).Resize(60).Select(pieces => string.Join(' ', pieces));

    private static readonly Gen<string> Statements = Gen.ArrayOf(Texts).Resize(8).Select(bodies => string.Concat(bodies.Select(body => $"{{{{ {body} }}}}{{% {body} %}}")));

    [Fact]
    public void ParseAndRender_RandomText_GivesAnOutcome() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(Gen.OneOf(Texts, Statements).ToArbitrary(), GivesAnOutcome));

    [Fact]
    public void ParseAndRender_MutatedRealTemplate_GivesAnOutcome()
    {
        string[] sources = [.. Directory.EnumerateFiles(TestData.Path("chat-templates"), "*.jinja").Order(StringComparer.Ordinal).Select(File.ReadAllText)];
        var mutants =
            from source in Gen.Elements(sources)
            from edits in Gen.ArrayOf(Edits(source.Length)).Resize(6)
            select edits.Aggregate(source, Edit);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(mutants.ToArbitrary(), GivesAnOutcome));
    }

    private static Gen<(int At, string Piece, int Removed)> Edits(int length) =>
        from at in Gen.Choose(0, length)
        from piece in Gen.Elements(Pieces)
        from removed in Gen.Choose(0, 40)
        select (at, piece, removed);

    private static string Edit(string text, (int At, string Piece, int Removed) edit)
    {
        var at = Math.Min(edit.At, text.Length);
        return text.Remove(at, Math.Min(edit.Removed, text.Length - at)).Insert(at, edit.Piece);
    }

    private static bool GivesAnOutcome(string source)
    {
        var template = ChatTemplate.Parse(source, "fuzz", Tight);
        if (!template.Ok) return template.Error.Code == ErrorCode.TemplateFailed;
        return Oracle.Cases.Take(3).Append(("language", Oracle.LanguageInput)).All(example =>
        {
            var outcome = template.Value.Render(example.Item2);
            return outcome.Ok || outcome.Error.Code == ErrorCode.TemplateFailed;
        });
    }
}
