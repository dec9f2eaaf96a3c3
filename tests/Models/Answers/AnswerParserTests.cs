using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Penstock.Models.Answers;

namespace Penstock.Models.Tests.Answers;

public class AnswerParserTests
{
    private const string Json = "{\"name\": \"add\", \"arguments\": {\"a\": 1, \"b\": [2, {\"c\": \"}]\\\"\"}]}}";
    private const string Arguments = "{\"a\": 1, \"b\": [2, {\"c\": \"}]\\\"\"}]}";

    private static readonly AnswerSyntax Qwen = Syntax("<tool_call> <think>");
    private static readonly AnswerSyntax Granite = Syntax("<|tool_call|> <think></think> <response></response>");
    private static readonly AnswerSyntax Mistral = Syntax("[TOOL_CALLS] [THINK]");
    private static readonly AnswerSyntax Llama = Syntax("<|python_tag|> {\"name\": function name, \"parameters\": dictionary of argument name and its value}");

    // What each family writes, and what becomes of it: [thinking], text, add(arguments).
    public static TheoryData<string, string, string> Families => new()
    {
        { "qwen", "<think>\nHm, so.\n</think>\n\nYes.", "[Hm, so.]Yes." },
        { "qwen", "\n<think>\n\n</think>\n\nYes.", "Yes." },
        { "qwen", "<think>It never ends", "[It never ends]" },
        { "qwen", "No thinking. What does <think> mean?", "No thinking. What does <think> mean?" },
        { "qwen", " \n Spaces stay. ", " \n Spaces stay. " },
        { "qwen", $"Let me see.\n<tool_call>\n{Json}\n</tool_call>", $"Let me see.add({Arguments})" },
        { "qwen", $"<think>add</think>\n\n<tool_call>\n{Json}\n</tool_call>\n<tool_call>{{\"name\": \"now\"}}</tool_call>\n", $"[add]add({Arguments})now({{}})" },
        { "qwen", $"<tool_call>{Json}", $"add({Arguments})" },
        { "qwen", $"<tool_call>{Json}<tool_call>{Json}</tool_call> Done.", $"add({Arguments})add({Arguments}) Done." },
        { "qwen", "<tool_call>{\"name\": \"add\", \"arguments\": \"{\\\"a\\\": 1}\"}</tool_call>", "add({\"a\": 1})" },
        { "mistral", $"[THINK]Hm.[/THINK]Yes.", "[Hm.]Yes." },
        { "mistral", $"[TOOL_CALLS][{Json}, {{\"name\": \"now\", \"arguments\": {{}}, \"id\": \"abcdefghi\"}}]", $"add({Arguments})now#abcdefghi({{}})" },
        { "mistral", "[TOOL_CALLS]add[ARGS]{\"a\": 1}[TOOL_CALLS]now[CALL_ID]123456789[ARGS]{}", "add({\"a\": 1})now#123456789({})" },
        { "granite", $"<think>Hm.</think><response>Yes.</response>", "[Hm.]Yes." },
        { "granite", "Yes</response>", "Yes</response>" },
        { "granite", $"<|tool_call|>[{Json}]", $"add({Arguments})" },
        { "granite", $"<|tool_call|>[{Json}]<|/tool_call|>", $"add({Arguments})" },
        { "llama", "{\"name\": \"add\", \"parameters\": {\"a\": 1}}", "add({\"a\": 1})" },
        { "llama", "{\"name\": \"add\", \"parameters\": {}}; {\"name\": \"now\", \"parameters\": {}}\n", "add({})now({})" },
        { "llama", "<|python_tag|>{\"name\": \"now\", \"parameters\": {}}", "now({})" },
    };

    // What looks like a call and is none stays as it was written.
    public static TheoryData<string, string> Texts => new()
    {
        { "qwen", "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 1}" },
        { "qwen", "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 1]}</tool_call>" },
        { "qwen", "<tool_call>{\"nome\": \"add\"}</tool_call>" },
        { "qwen", "<tool_call>{\"name\": \"add\", \"arguments\": [1]}</tool_call>" },
        { "qwen", "<tool_call>{\"name\": \"add\", \"arguments\": \"1\"}</tool_call>" },
        { "qwen", "<tool_call>{\"name\": \"add\"} and more</tool_call>" },
        { "qwen", "<tool_call>add(1)</tool_call>" },
        { "qwen", "<tool_call>{'name': 'add'}</tool_call>" },
        { "qwen", "<tool_call>{\"name\": \"\\ud800\"}</tool_call>" },
        { "qwen", "<tool_call>" },
        { "qwen", "a <tool_call> b <tool_ca" },
        { "mistral", "[TOOL_CALLS]add{\"a\": 1}" },
        { "mistral", "[TOOL_CALLS]add[ARGS][1]" },
        { "mistral", "[TOOL_CALLS][1]" },
        { "mistral", "[TOOL_CALLS][]" },
        { "llama", "{\"name\": \"Nina\", \"age\": 31}" },
        { "llama", "{\"name\": \"unknown\", \"parameters\": {}}" },
        { "llama", "{\"name\": \"add\"}" },
        { "llama", "Look: {\"name\": \"add\", \"parameters\": {}}" },
        { "llama", "<|python_tag|>print(1)" },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void Finish_AnswerOfAFamily_IsTakenApart(string family, string answer, string expected) => AssertEverySplit(Of(family), answer, expected);

    // The same calls, but given as they come: the name before the arguments, and these in pieces. An id behind them comes too late.
    [Theory]
    [MemberData(nameof(Families))]
    public void Append_CertainCalls_JoinToWhatTheyAreWhole(string family, string answer, string expected)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            List<AnswerPiece> pieces = [], whole = [];
            var parser = new AnswerParser(Of(family), startsThinking: false, Tools, certain: true);
            foreach (var part in Cut(answer, new System.Random(seed)))
                parser.Append(Encoding.UTF8.GetBytes(part), pieces);
            parser.Finish(pieces);
            foreach (var piece in pieces)
            {
                if (piece is { Part: AnswerPart.Call, Call: null })
                    whole[^1] = whole[^1] with { Call = whole[^1].Call! with { Arguments = whole[^1].Call!.Arguments + Encoding.UTF8.GetString(piece.Text.Span) } };
                else
                    whole.Add(piece);
            }

            Assert.Equal(expected.Replace("#abcdefghi", "", StringComparison.Ordinal), Join(whole).Replace("#abcdefghi", "", StringComparison.Ordinal));
            Assert.Equal(0, parser.Withheld);
        }
    }

    [Fact]
    public void Append_CertainCall_GivesTheNameBeforeTheArgumentsAreThere()
    {
        var parser = new AnswerParser(Qwen, startsThinking: false, Tools, certain: true);
        List<AnswerPiece> pieces = [];

        parser.Append("<tool_call>\n{\"name\": \"add\""u8, pieces);
        Assert.Equal(new WrittenCall(null, "add", ""), Assert.Single(pieces).Call);
        Assert.Equal(0, parser.Withheld);

        parser.Append(", \"arguments\": {\"a\": 1"u8, pieces);
        parser.Append("2, \"b"u8, pieces);
        parser.Finish(pieces);
        Assert.Equal(["{\"a\": 1", "2, \"b"], pieces[1..].Select(piece => Encoding.UTF8.GetString(piece.Text.Span)));
    }

    [Fact]
    public void Append_CertainCallsOfAList_AreGivenOneByOne()
    {
        var parser = new AnswerParser(Granite, startsThinking: false, Tools, certain: true);
        List<AnswerPiece> pieces = [];

        parser.Append("<|tool_call|>[{\"name\": \"add\", \"arguments\": {\"a\": 1}},\n{\"name\": \"now\", \"arguments\": {"u8, pieces);

        Assert.Equal(["add", null, "now", null], pieces.Select(piece => piece.Call?.Name));
    }

    // Nobody has seen to it that these are calls that fit: they are not where a constraint looks for one.
    [Theory]
    [InlineData("\t{\"name\": \"add\", \"parameters\": {\"a\": \"x\"}}")]
    [InlineData("\n\n\n\n{\"name\": \"add\", \"parameters\": {}}")]
    [InlineData("{  \"name\": \"add\", \"parameters\": {}}")]
    [InlineData("[{\"name\": \"add\", \"parameters\": {}}]")]
    [InlineData("{\"name\": \"unknown\", \"parameters\": {}}")]
    public void Finish_CertainCalls_WhatBeginsInAnotherWayIsText(string answer)
    {
        for (var cut = 0; cut <= answer.Length; cut++)
            Assert.Equal(answer, Parse(new AnswerParser(Llama, startsThinking: false, Tools, certain: true), [answer[..cut], answer[cut..]]));
    }

    [Fact]
    public void Finish_ArgumentsThatNestDeep_AreACall()
    {
        var arguments = $"{{\"a\": {new string('[', 500)}{new string(']', 500)}}}";
        var answer = $"<tool_call>{{\"name\": \"add\", \"arguments\": {arguments}}}</tool_call>";
        Assert.Equal($"add({arguments})", Parse(Parser(Qwen), [answer]));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Finish_MalformedCall_StaysText(string family, string answer) => AssertEverySplit(Of(family), answer, answer);

    [Fact]
    public void Finish_CallAfterAMalformedOne_IsRead() =>
        AssertEverySplit(Qwen, $"<tool_call>{{no<tool_call>{Json}</tool_call>", $"<tool_call>{{noadd({Arguments})");

    [Fact]
    public void Finish_WithoutTools_TakesNothingForACall()
    {
        var answer = $"<tool_call>{Json}</tool_call>";
        Assert.Equal(answer, Parse(new AnswerParser(Qwen, startsThinking: false, new HashSet<string>()), [answer]));
    }

    [Theory]
    [InlineData("Hm.</think>\nYes.", "[Hm.]Yes.")]
    [InlineData("<think>\nHm.</think>Yes.", "[Hm.]Yes.")]
    [InlineData("\n</think>\n\nYes.", "Yes.")]
    [InlineData("Hm", "[Hm]")]
    public void Finish_PromptThatOpensTheThinking_BeginsInside(string answer, string expected)
    {
        for (var cut = 0; cut <= answer.Length; cut++)
            Assert.Equal(expected, Parse(new AnswerParser(Qwen, startsThinking: true, Tools), [answer[..cut], answer[cut..]]));
    }

    // Of pieces of markers and calls in any order, in any cut: the same parts, and no byte of a text without markers lost.
    [Theory]
    [InlineData("qwen")]
    [InlineData("granite")]
    [InlineData("mistral")]
    [InlineData("llama")]
    public void Append_AnySplit_GivesTheSameParts(string family)
    {
        string[] words =
        [
            .. Of(family).Markers, "<think", "</thin", "k>", "<tool_", "call>", "[TOOL", "_CALLS]", "[", "]", "{", "}", "\"", "\\", ":", ",", ";", " ", "\n", "word", "é", "add",
            "\"name\"", "\"arguments\"", "\"parameters\"", Json, $"[{Json}]", "{\"name\": \"now\", \"parameters\": {}}", "add[ARGS]{}",
        ];
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new System.Random(seed);
            var answer = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => words[random.Next(words.Length)]));
            var whole = Parse(Parser(Of(family)), [answer]);
            for (var round = 0; round < 8; round++)
                Assert.Equal(whole, Parse(Parser(Of(family)), Cut(answer, random)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void PassesThrough_PlainWords_ButNotWhatMayBecomeAMarker()
    {
        var parser = Parser(Qwen);
        var pieces = new List<AnswerPiece>();
        Assert.False(parser.PassesThrough("Hello"u8, out _));
        parser.Append("Hello"u8, pieces);

        Assert.True(parser.PassesThrough(" world"u8, out var part));
        Assert.Equal(AnswerPart.Content, part);
        Assert.False(parser.PassesThrough(" a <b"u8, out _));
        Assert.False(parser.PassesThrough("\n"u8, out _));

        parser.Append("<"u8, pieces);
        Assert.Equal(1, parser.Withheld);
        Assert.False(parser.PassesThrough(" world"u8, out _));
    }

    [Fact]
    public void Of_TemplateOrVocabulary_FindsTheMarkers()
    {
        var syntax = AnswerSyntax.Of(null, marker => marker is "<think>" or "<|tool_call|>");

        Assert.Equal("<think>", syntax.Thinking!.Open);
        Assert.Equal(["<|tool_call|>"], syntax.Calls.Select(pair => pair.Open));
        Assert.True(AnswerSyntax.Of("{{ messages }}", _ => false).IsPlain);
        Assert.True(Qwen.StartsThinking("<|im_start|>assistant\n<think>\n"));
        Assert.False(Qwen.StartsThinking("<|im_start|>assistant\n<think>\n\n</think>\n\n"));
    }

    private static HashSet<string> Tools => ["add", "now"];

    private static AnswerSyntax Of(string family) => family switch { "qwen" => Qwen, "mistral" => Mistral, "granite" => Granite, _ => Llama };

    private static AnswerSyntax Syntax(string template) => AnswerSyntax.Of(template, _ => false);

    private static AnswerParser Parser(AnswerSyntax syntax) => new(syntax, startsThinking: false, Tools);

    private static void AssertEverySplit(AnswerSyntax syntax, string answer, string expected)
    {
        Assert.Equal(expected, Parse(Parser(syntax), [answer]));
        Assert.Equal(expected, Parse(Parser(syntax), answer.Select(letter => letter.ToString())));
        for (var cut = 1; cut < answer.Length; cut++)
            Assert.Equal(expected, Parse(Parser(syntax), [answer[..cut], answer[cut..]]));
    }

    private static IEnumerable<string> Cut(string text, System.Random random)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = random.Next(1, Math.Min(6, text.Length - start) + 1);
            yield return text.Substring(start, length);
            start += length;
        }
    }

    private static string Parse(AnswerParser parser, IEnumerable<string> pieces)
    {
        var parts = new List<AnswerPiece>();
        foreach (var piece in pieces)
        {
            var bytes = Encoding.UTF8.GetBytes(piece);
            if (parser.PassesThrough(bytes, out var part))
                parts.Add(new AnswerPiece(part, bytes, null));
            else
                parser.Append(bytes, parts);
        }

        parser.Finish(parts);
        Assert.Equal(0, parser.Withheld);
        return Join(parts);
    }

    private static string Join(List<AnswerPiece> parts)
    {
        var text = new StringBuilder();
        var thinking = false;
        foreach (var part in parts)
        {
            if (thinking != (part.Part == AnswerPart.Reasoning))
                text.Append((thinking = !thinking) ? '[' : ']');
            text.Append(part.Call is { } call ? $"{call.Name}{(call.Id is { } id ? $"#{id}" : "")}({call.Arguments})" : Encoding.UTF8.GetString(part.Text.Span));
        }

        return text.Append(thinking ? "]" : "").ToString();
    }
}
