using System.Text;
using Penstock.Contracts.Requests;
using Penstock.Models.Answers;
using Penstock.Models.Templates;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Serving.Answers;

/// <summary>Knows how one model marks thinking and tool calls.</summary>
internal sealed class ChatAnswers
{
    // A template's last words, the opening of the thinking and line breaks, whatever tokens they are made of.
    private const int TailTokens = 24;

    private readonly ITokenizer tokenizer;
    private readonly AnswerSyntax syntax;
    private readonly HashSet<int> markers;
    private readonly HashSet<int> thinkingMarkers;

    public ChatAnswers(ITokenizer tokenizer, ChatTemplate? template)
    {
        this.tokenizer = tokenizer;
        syntax = template is null ? AnswerSyntax.Plain : AnswerSyntax.Of(template.Source, marker => TokenOf(marker) is not null);
        markers = ControlTokens(syntax.Markers);
        thinkingMarkers = ControlTokens((syntax with { Calls = [] }).Markers);
    }

    /// <returns>Null where there is nothing to look for: the answers are text.</returns>
    public AnswerReading? Reading(InferenceRequest request, ReadOnlySpan<int> prompt)
    {
        var tools = request.Tools.Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal);
        if (syntax.IsPlain || (tools.Count == 0 && syntax.Thinking is null))
            return null;

        var startsThinking = syntax.StartsThinking(Tail(prompt));
        return new AnswerReading(
            request.RequestId, request.Choices, tools.Count > 0 ? markers : thinkingMarkers, () => new AnswerParser(syntax, startsThinking, tools));
    }

    private string Tail(ReadOnlySpan<int> prompt)
    {
        var bytes = new List<byte>();
        foreach (var token in prompt[Math.Max(0, prompt.Length - TailTokens)..])
            bytes.AddRange(tokenizer.Bytes(token, special: true));
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private HashSet<int> ControlTokens(IEnumerable<string> texts) =>
        [.. texts.Select(TokenOf).OfType<int>().Where(token => tokenizer.Kind(token) == TokenKind.Control)];

    // A marker's own token; a text that happens to be one ordinary token is none.
    private int? TokenOf(string marker)
    {
        var tokens = new List<int>();
        tokenizer.Encode(marker, tokens, addSpecial: false, parseSpecial: true);
        return tokens is [var token] && tokenizer.Kind(token) is TokenKind.Control or TokenKind.UserDefined ? tokens[0] : null;
    }
}
