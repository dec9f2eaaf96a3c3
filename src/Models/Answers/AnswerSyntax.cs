namespace Penstock.Models.Answers;

/// <summary>
/// How a family of models marks thinking and tool calls in its answers. Known from the markers themselves: those that the chat template names or
/// that are tokens of the vocabulary. Immutable.
/// </summary>
/// <remarks>The families and their forms are listed in <c>docs/chat-templates.md</c>.</remarks>
public sealed record AnswerSyntax
{
    /// <summary>Mistral's marker, after which the name may come before the JSON.</summary>
    internal const string NamedCalls = "[TOOL_CALLS]";

    private static readonly MarkerPair[] KnownThinking = [new("<think>", "</think>"), new("[THINK]", "[/THINK]")];

    private static readonly MarkerPair Hermes = new("<tool_call>", "</tool_call>");

    private static readonly MarkerPair[] KnownCalls =
    [
        Hermes,
        new("<|tool_call|>", "<|/tool_call|>"),
        new(NamedCalls, null),
        new("<|python_tag|>", null),
        new("functools", null),
    ];

    /// <summary>A model that marks nothing.</summary>
    public static AnswerSyntax Plain { get; } = new();

    /// <summary>Around the thinking, which only the beginning of an answer can be; null: the model does not think aloud.</summary>
    public MarkerPair? Thinking { get; init; }

    /// <summary>Around the answer that follows the thinking (Granite 3); both are left out of the text. Null: nothing is.</summary>
    public MarkerPair? Response { get; init; }

    /// <summary>In front of calls: a JSON object, an array of them, or Mistral's <c>name[ARGS]{...}</c>.</summary>
    public IReadOnlyList<MarkerPair> Calls { get; init; } = [];

    /// <summary>Whether an answer that is nothing but the JSON of a call is one (Llama 3).</summary>
    public bool BareCalls { get; init; }

    /// <summary>Whether a call is <c>name[ARGS]{...}</c> (Mistral's newer tokenizers).</summary>
    public bool NamesFirst { get; init; }

    /// <summary>Whether the calls' marker is followed by something other than JSON (Qwen3-Coder, GLM): then it is not known whether a call is one.</summary>
    public bool WritesTags { get; init; }

    /// <summary>Whether there is anything to look for in an answer.</summary>
    public bool IsPlain => Thinking is null && Calls.Count == 0 && !BareCalls;

    /// <summary>This syntax with calls in JSON: a model whose own form is not known is made to write Hermes'.</summary>
    public AnswerSyntax WithCalls => Calls.Count > 0 || BareCalls ? this : this with { Calls = [Hermes] };

    /// <summary>All markers: what must stay visible even if the vocabulary has it as a control token.</summary>
    public IEnumerable<string> Markers => Calls.Append(Thinking).Append(Response).OfType<MarkerPair>()
        .SelectMany(pair => pair.Close is { } close ? (string[])[pair.Open, close] : [pair.Open])
        .Concat(Calls.Any(pair => pair.Open == NamedCalls) ? ["[ARGS]", "[CALL_ID]"] : []);

    /// <summary>The syntax of a model.</summary>
    /// <param name="template">Source of its chat template; null when it has none.</param>
    /// <param name="isToken">Whether a text is one token of the vocabulary, and no ordinary one.</param>
    public static AnswerSyntax Of(string? template, Func<string, bool> isToken)
    {
        var thinking = KnownThinking.FirstOrDefault(pair => Named(pair.Open) || Named(pair.Close!));
        return new AnswerSyntax
        {
            Thinking = thinking,
            Response = thinking is not null && InTemplate("<response></response>") ? new("<response>", "</response>") : null,
            Calls = [.. KnownCalls.Where(pair => Named(pair.Open))],
            NamesFirst = Named("[ARGS]"),
            WritesTags = InTemplate("<function=") || InTemplate("<arg_key>"),
            BareCalls = InTemplate("{\"name\": function name, \"parameters\": dictionary of argument name and its value}"),
        };

        bool Named(string marker) => InTemplate(marker) || isToken(marker);

        bool InTemplate(string text) => template?.Contains(text, StringComparison.Ordinal) == true;
    }

    /// <summary>Whether an answer to this prompt begins after the thinking: templates write an empty one where thinking is switched off.</summary>
    public bool EndsThinking(ReadOnlySpan<char> prompt) => Thinking is { Close: { } close } && prompt.TrimEnd().EndsWith(close, StringComparison.Ordinal);

    /// <summary>Whether an answer to this prompt begins inside the thinking: templates of models that always think open it themselves.</summary>
    public bool StartsThinking(ReadOnlySpan<char> prompt) => Thinking is { } pair && prompt.TrimEnd().EndsWith(pair.Open, StringComparison.Ordinal);
}
