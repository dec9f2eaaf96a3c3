using System.Text;
using Penstock.Contracts.Requests;
using Penstock.Engine.Constraining;
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
    private readonly Lazy<HashSet<int>> forcedMarkers;

    public ChatAnswers(ITokenizer tokenizer, ChatTemplate? template)
    {
        this.tokenizer = tokenizer;
        syntax = template is null ? AnswerSyntax.Plain : AnswerSyntax.Of(template.Source, marker => TokenOf(marker) is not null);
        markers = ControlTokens(syntax.Markers);
        thinkingMarkers = ControlTokens((syntax with { Calls = [] }).Markers);
        forcedMarkers = new(() => ControlTokens(syntax.WithCalls.Markers));
    }

    /// <returns>Null where there is nothing to look for: the answers are text.</returns>
    public AnswerReading? Reading(InferenceRequest request, ReadOnlySpan<int> prompt)
    {
        // A call that is asked for is written and read in some form, whether the model knows one or not.
        var forced = request.ToolChoice.Mode == ToolChoiceMode.Required;
        var form = forced ? syntax.WithCalls : syntax;
        var tools = request.Tools.Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal);
        if (form.IsPlain || (tools.Count == 0 && form.Thinking is null))
            return null;

        var tail = Tail(prompt);
        var thinking = form.StartsThinking(tail) ? ThinkingStage.Begun : form.EndsThinking(tail) || form.Thinking is null ? ThinkingStage.None : ThinkingStage.Possible;
        // Beside another form of the answer a bare call is known by its end only.
        var certain = AnswerConstraints.Constrains(request, form) && !(form.BareCalls && request.Constraint is not null);
        var shown = tools.Count == 0 ? thinkingMarkers : forced ? forcedMarkers.Value : markers;
        return new AnswerReading(request.RequestId, request.Choices, shown, form, thinking, () => new AnswerParser(form, thinking == ThinkingStage.Begun, tools, certain));
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
