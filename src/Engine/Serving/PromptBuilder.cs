using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Models.Templates;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Serving;

/// <summary>Makes token ids of what a request brings: a chat through the template, a raw prompt as it is.</summary>
internal sealed class PromptBuilder(string model, ITokenizer tokenizer, ChatTemplate? template, PenstockError? templateError, TimeProvider time)
{
    public Outcome<int[]> Chat(InferenceRequest request)
    {
        if (template is null)
        {
            return templateError ?? new PenstockError(
                ErrorCode.UnsupportedValue,
                $"The model '{model}' has no chat template. Use /v1/completions with a prompt, or a model file that carries a template.",
                Param: "messages");
        }

        var rendered = template.Render(new ChatTemplateInput
        {
            Messages = request.Messages ?? [],
            Tools = request.Tools,
            BosToken = TextOf(tokenizer.BosToken),
            EosToken = TextOf(tokenizer.EosToken),
            Arguments = request.TemplateArguments,
            Now = time.GetLocalNow(),
        });
        if (!rendered.Ok)
            return rendered.Error;

        List<int> tokens = [];
        tokenizer.Encode(rendered.Value.Text, tokens, addSpecial: false, parseSpecial: true);

        // Templates differ in whether they write the BOS token; the model wants it once.
        if (tokenizer is { AddsBos: true, BosToken: { } bos } && (tokens.Count == 0 || tokens[0] != bos))
            tokens.Insert(0, bos);
        return Checked(tokens, "messages");
    }

    public Outcome<int[]> Raw(PromptInput input, string param)
    {
        if (input.Tokens is not null)
            return Checked([.. input.Tokens], param);

        List<int> tokens = [];
        tokenizer.Encode(input.Text, tokens, addSpecial: true, parseSpecial: true);
        return Checked(tokens, param);
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
