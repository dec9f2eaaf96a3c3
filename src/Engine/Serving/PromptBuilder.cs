using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Models.Templates;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Serving;

/// <summary>Makes token ids of what a request brings: a chat through the template, a raw prompt as it is.</summary>
internal sealed class PromptBuilder(
    string model, ITokenizer tokenizer, ChatTemplate? template, PenstockError? templateError, int contextLength, TimeProvider time)
{
    private readonly int longestToken = LongestToken(tokenizer);

    public Outcome<int[]> Chat(InferenceRequest request)
    {
        if (template is null)
        {
            return templateError ?? new PenstockError(
                ErrorCode.UnsupportedValue,
                $"The model '{model}' has no chat template. Use /v1/completions with a prompt, or a model file that carries a template.",
                Param: "messages");
        }

        if (Seen(request.Messages ?? []) is { } blind)
            return blind;

        var input = new ChatTemplateInput
        {
            Messages = Said(request),
            Tools = request.Tools,
            BosToken = TextOf(tokenizer.BosToken),
            EosToken = TextOf(tokenizer.EosToken),
            Arguments = request.TemplateArguments,
            Now = time.GetLocalNow(),
        };
        var rendered = template.Render(input);
        if (!rendered.Ok)
            return rendered.Error;

        // Many templates know nothing of tools: the model would answer as if there were none. Where a call is required the constraint makes one of it all the same.
        if (request is { Tools.Count: > 0, ToolChoice.Mode: ToolChoiceMode.Auto } && template.Render(input with { Tools = [] }) is { Ok: true } without && without.Value.Text == rendered.Value.Text)
        {
            return new PenstockError(
                ErrorCode.UnsupportedValue,
                $"The chat template of '{model}' does not show tools to the model. Leave tools out, require a call with tool_choice, or use a model whose template has them.",
                Param: "tools");
        }

        if (Hopeless(rendered.Value.Text, "messages") is { } tooLong)
            return tooLong;

        List<int> tokens = [];
        tokenizer.Encode(rendered.Value.Text, tokens, addSpecial: false, parseSpecial: true);

        // Templates differ in whether they write the BOS token; the model wants it once.
        if (tokenizer is { AddsBos: true, BosToken: { } bos } && (tokens.Count == 0 || tokens[0] != bos))
            tokens.Insert(0, bos);
        if (request is { ContinuesAnswer: true, Messages: [.., var begun] })
        {
            // Behind a block of thinking that the template opens, the text would be thinking.
            if (rendered.Value.Text.TrimEnd().EndsWith("<think>", StringComparison.Ordinal))
                return new PenstockError(ErrorCode.UnsupportedValue, $"The chat template of '{model}' begins every answer with thinking, so that it cannot go on with one. Use another model.", "messages");

            // As text: what looks like the template's own marks is not.
            tokenizer.Encode(begun.Content ?? "", tokens, addSpecial: false, parseSpecial: false);
        }

        return Checked(tokens, "messages");
    }

    // The beginning of the answer follows the prompt, without the marks of a message that was said.
    private static IReadOnlyList<ChatMessage> Said(InferenceRequest request) =>
        request is { ContinuesAnswer: true, Messages: { } messages } ? [.. messages.SkipLast(1)] : request.Messages ?? [];

    /// <summary>What templates have no place for: that a tool has failed.</summary>
    public static IReadOnlyList<Loss> Losses(InferenceRequest request)
    {
        List<Loss>? losses = null;
        for (var index = 0; index < (request.Messages?.Count ?? 0); index++)
        {
            if (request.Messages![index].ToolFailed)
                (losses ??= []).Add(new($"messages[{index}].is_error", "The model's template does not show that a tool failed; the result's content is shown."));
        }

        return losses ?? (IReadOnlyList<Loss>)[];
    }

    private PenstockError? Seen(IReadOnlyList<ChatMessage> messages)
    {
        for (var index = 0; index < messages.Count; index++)
        {
            if (messages[index].Attachments is [var first, ..])
            {
                return new PenstockError(
                    ErrorCode.UnsupportedValue,
                    $"The model '{model}' reads text only, and messages[{index}] has a {(first.Kind == AttachmentKind.Image ? "picture" : "document")}. Describe it in text, or use a model of a provider that sees.",
                    Param: $"messages[{index}].content");
            }
        }

        return null;
    }

    /// <summary>What all chats begin with that have this system prompt: the tokens in which two of them with different questions agree.</summary>
    public Outcome<int[]> SystemPrefix(string systemPrompt)
    {
        var (first, second) = (Ask("a"), Ask("b"));
        if (!first.Ok)
            return first.Error;
        if (!second.Ok)
            return second.Error;

        var agreed = first.Value.AsSpan().CommonPrefixLength(second.Value);
        return agreed == 0 ? new PenstockError(ErrorCode.InvalidRequest, "The prefix has no tokens. Pin some text.") : first.Value[..agreed];

        Outcome<int[]> Ask(string question) => Chat(new InferenceRequest
        {
            RequestId = "pin",
            Tenant = "",
            Kind = RequestKind.Chat,
            Model = model,
            Messages = [new ChatMessage { Role = "system", Content = systemPrompt }, new ChatMessage { Role = "user", Content = question }],
        });
    }

    public Outcome<int[]> Raw(PromptInput input, string param)
    {
        if (input.Tokens is not null)
            return Checked([.. input.Tokens], param);

        if (Hopeless(input.Text, param) is { } tooLong)
            return tooLong;

        List<int> tokens = [];
        tokenizer.Encode(input.Text, tokens, addSpecial: true, parseSpecial: true);
        return Checked(tokens, param);
    }

    // A text that is too long even if every token were the longest there is need not be tokenized to know it.
    private PenstockError? Hopeless(ReadOnlySpan<char> text, string param)
    {
        var least = System.Text.Encoding.UTF8.GetByteCount(text) / longestToken;
        return least <= contextLength ? null : new PenstockError(
            ErrorCode.ContextLengthExceeded,
            $"The context of '{model}' is {contextLength} tokens, but the prompt has at least {least}. Shorten the prompt.",
            param);
    }

    private static int LongestToken(ITokenizer tokenizer)
    {
        var longest = 1;
        for (var token = 0; token < tokenizer.VocabularySize; token++)
            longest = Math.Max(longest, tokenizer.Bytes(token, special: true).Length);
        return longest;
    }

    private Outcome<int[]> Checked(List<int> tokens, string param)
    {
        if (tokens.Count == 0)
            return new PenstockError(ErrorCode.InvalidRequest, "The prompt has no tokens. Send some text.", param);

        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)tokenizer.VocabularySize)
            {
                return new PenstockError(
                    ErrorCode.InvalidRequest,
                    $"Token id {token} is not in the vocabulary of '{model}'. Ids run from 0 to {tokenizer.VocabularySize - 1}.",
                    param);
            }
        }

        return tokens.ToArray();
    }

    private string TextOf(int? token) => token is { } id ? System.Text.Encoding.UTF8.GetString(tokenizer.Bytes(id, special: true)) : "";
}
